// What a page is compared by with the other pages of a run: few and bounded facts of what stands on every page.
if (window !== window.top) return null;
const mostBlocks = 12, mostItems = 50, mostOfAll = 200, mostSearches = 4, mostControls = 10, longestName = 100, longestAddress = 200,
  mostWords = 3000, mostShingles = 24, mostPlaces = 1000;

const hashed = (text, hash = 0x811c9dc5) => {
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
};
// A long address by its beginning and its hash: two that only differ at their end stay two.
const short = (address) => (address.length <= longestAddress ? address
  : `${address.slice(0, longestAddress)}~${hashed(address).toString(16)}${hashed(address, 0x01234567).toString(16)}`);

// The nearest element that a selector matches, out of shadow trees too.
const within = (element, selector) => {
  for (let up = element; up; up = up.getRootNode().host) {
    const found = up.closest(selector);
    if (found) return found;
  }
  return null;
};
const NAVIGATION = "nav, [role=navigation]", MAIN = "main, [role=main], article, [role=article]";
const HEADER = "header, [role=banner]", FOOTER = "footer, [role=contentinfo]", ASIDE = "aside, [role=complementary]";
const FRAME = [NAVIGATION, HEADER, FOOTER].join(", ");

const main = page.all("main, [role=main]").find((one) => page.exposed(one)) ?? null;
const region = (element) =>
  within(element, MAIN) ? "main"
  : within(element, HEADER) ? "header"
  : within(element, FOOTER) ? "footer"
  : within(element, ASIDE) ? "aside"
  : "";
const side = (element) => {
  if (!main) return "";
  return main.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING ? "before" : "after";
};
// Of what holds nothing but text the name is that text; most links of a menu are so, and names are dear.
const isPlain = (element) =>
  !element.childElementCount && !element.hasAttribute("aria-label") && !element.hasAttribute("aria-labelledby") && element.textContent.trim();
const named = (element) =>
  (isPlain(element) ? element.textContent.replace(/\s+/g, " ").trim() : page.name(element)).slice(0, longestName);

// Where a link leads, without the page's own host; "" for places on this page and for scripts.
const here = location.origin + location.pathname + location.search;
const target = (href) => {
  let url;
  try {
    url = new URL(href, document.baseURI);
  } catch {
    return "";
  }
  if (url.protocol === "tel:" || url.protocol === "mailto:") return short(url.href);
  if (!/^https?:|^file:/.test(url.protocol)) return "";
  const route = /^#!?\//.test(url.hash) ? url.hash : "";
  if (url.hash && !route && url.origin + url.pathname + url.search === here) return "";
  return short((url.origin === location.origin ? "" : url.origin) + url.pathname + url.search + route);
};

let all = 0;
// Each link: where it leads, its name, its own href where that is written otherwise, and its depth in lists.
const items = (block) => {
  const found = [];
  for (const link of block.querySelectorAll("a[href], area[href]")) {
    if (found.length >= mostItems || all >= mostOfAll) break;
    if (link.closest(FRAME) !== block || !page.exposed(link)) continue;
    const leadsTo = target(link.getAttribute("href"));
    if (!leadsTo) continue;
    let depth = 0;
    for (let up = link.parentElement; up && up !== block; up = up.parentElement) depth += up.localName === "li";
    const href = link.getAttribute("href").slice(0, longestAddress);
    all++;
    found.push([leadsTo, named(link), href === leadsTo ? "" : href, depth]);
  }
  return found;
};

const blocks = [];
for (const block of page.all(FRAME)) {
  if (blocks.length >= mostBlocks) break;
  if (within(block, MAIN) || !page.exposed(block)) continue;
  const inside = items(block);
  if (!inside.length) continue;
  const kind = block.matches(NAVIGATION) ? "navigation" : block.matches(HEADER) ? "header" : "footer";
  const heading = block.querySelector("h1, h2, h3, h4, h5, h6");
  const about = `${kind === "navigation" ? named(block) : ""} ${heading?.textContent ?? ""}`.replace(/\s+/g, " ").trim();
  blocks.push({
    kind, region: region(block), side: side(block), name: about.slice(0, longestName),
    hint: `${block.id} ${block.getAttribute("class") ?? ""}`.slice(0, longestName),
    element: page.place(block), items: inside,
  });
}

const isWriting = (field) => !/^(hidden|submit|button|image|reset|checkbox|radio|file|range|color)$/.test(field.type);
const SEARCH = "input[type=search], [role=searchbox], [role=search] input, search input";
const asksForWords = /^(q|query|s|search\w*|zoek\w*|trefwoord\w*|keys?|keywords?|term|text|tx_\w+\[\w*(sword|q|query)\])$/i;
const searches = [];
let folded = false; // a search field that is shown once somebody asks for it
const fields = page.all("input, select, textarea").filter((one) => one.localName !== "input" || isWriting(one));
let otherFields = 0;
for (const field of fields) {
  const isSearch = field.matches(SEARCH) || (field.localName === "input" && asksForWords.test(field.name || field.id));
  if (!isSearch) {
    otherFields += otherFields < 3 && page.exposed(field);
    continue;
  }
  folded ||= !page.exposed(field);
  if (searches.length >= mostSearches || !page.exposed(field)) continue;
  // A field of the form may be called action or method, and is then what form.action gives.
  const form = field.form, action = form?.getAttribute("action");
  // What it sends along may narrow the search to a part of the site, and other fields make it a form of its own: another function.
  const along = form ? [...form.querySelectorAll("input[type=hidden]")].map((one) => `&${one.name}=${one.value}`).join("") : "";
  const beside = form ? [...form.querySelectorAll("input, select, textarea")].filter((one) => one !== field && !/^(hidden|submit|image|button|reset)$/.test(one.type))
    .map((one) => `&${one.name}`).join("") : "";
  const button = form && [...form.querySelectorAll("button, input[type=submit], input[type=image]")]
    .find((one) => /^(submit|image)$/.test(one.type) && page.exposed(one));
  searches.push({
    action: action ? `${(form.getAttribute("method") || "get").toLowerCase()} ${target(action)}?${field.name}${short(along + beside)}` : "",
    region: region(field), name: named(field), element: page.place(field),
    button: button ? { name: named(button), element: page.place(button) } : null,
  });
}

// A button that opens a search, which scripts may only then put on the page.
const opensSearch = folded || page.all("button, summary, [role=button]").slice(0, 300)
  .some((one) => !one.closest("form") && page.exposed(one) && /^(zoek|zoeken|search|open (het )?zoek|toon (het )?zoek)/i.test(named(one)));

// Buttons whose whole work is one line of script: the same line is the same function.
const controls = page.all("button[onclick], a[onclick], input[type=button][onclick]")
  .filter((one) => one.getAttribute("onclick").length <= 80 && page.exposed(one)).slice(0, mostControls)
  .map((one) => ({ does: one.getAttribute("onclick").replace(/\s+/g, ""), region: region(one), name: named(one), element: page.place(one) }));

// What the content says, as its smallest hashes of three words in a row: alike texts share most of them.
const words = ((main ?? document.body)?.innerText ?? "").slice(0, 20000).split(/\s+/, mostWords);
const shingles = new Set();
for (let i = 0; i + 2 < words.length || i === 0; i++) {
  shingles.add(hashed(words.slice(i, i + 3).join(" ")));
}

// The places that links can lead to, by their hashes; of a page with very many, none.
const places = [...new Set([...page.all("[id]").slice(0, mostPlaces + 1).map((one) => one.id), ...page.all("a[name]").map((one) => one.name)])]
  .slice(0, mostPlaces + 1).map((name) => hashed(name));

const title = document.querySelector("head > title") || document.querySelector("title");
const heading = page.all("h1").find((one) => page.exposed(one));
return {
  language: (document.documentElement.getAttribute("lang") ?? "").trim().toLowerCase().split(/[-_]/, 1)[0].slice(0, 8),
  title: document.title.replace(/\s+/g, " ").trim().slice(0, 300),
  titleElement: title ? page.target(title) : null,
  root: page.place(document.documentElement),
  heading: heading ? page.text(heading).slice(0, 200) : "",
  canonical: short(document.querySelector("link[rel=canonical]")?.href ?? ""),
  content: [...shingles].sort((one, other) => one - other).slice(0, mostShingles),
  form: otherFields > 0,
  places: places.length > mostPlaces ? null : places,
  blocks, searches, opensSearch, controls,
};
