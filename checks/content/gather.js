// The words of the main content, block by block, once for all topics of this area; and what the page says of itself in its head.
// Navigation, header, footer, asides, forms, code and cookie bars are not content that an editor wrote as text.
if (window !== window.top) return null;
const mostBlocks = 800, mostText = 100000, longestBlock = 4000, mostNodes = 40000, longestData = 20000;

const BLOCK = new Set(("address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure " +
  "footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu ol p section summary table tbody td tfoot th thead tr ul").split(" "));
const SKIP = "nav, aside, header nav, script, style, noscript, template, code, pre, kbd, samp, var, tt, math, svg, object, iframe, video, " +
  "audio, canvas, select, textarea, button, input, [role=navigation], [role=search], [role=banner], [role=contentinfo], " +
  "[role=complementary], [role=dialog], [role=alertdialog], [aria-hidden=true], [translate=no], .notranslate";
const FRAME = "header, footer, [role=banner], [role=contentinfo]";
const COOKIES = /cookie|consent|gdpr|avg-melding/i;
const TRAIL = /kruimel|breadcrumb|paginat|\bpager|\bshare|\bdelen\b|social|related|gerelateerd|\btoc\b|inhoudsopgave/i;

const mains = page.all("main, [role=main]").filter((one) => page.exposed(one));
const root = mains.sort((one, other) => other.textContent.length - one.textContent.length)[0] ?? document.body;
if (!root) return null;
const isMain = root !== document.body;

// Text in a closed part of the page is content too where something opens it.
const opened = new Set(page.all("[aria-controls]").flatMap((one) => one.getAttribute("aria-controls").split(/\s+/)));
const shown = (element) => {
  if (page.exposed(element)) return true;
  for (let up = element; up && up !== document.documentElement; up = up.parentElement)
    if (up.localName === "details" || up.hidden === "until-found" || (up.id && opened.has(up.id))) return !element.closest("[aria-hidden=true]");
  return false;
};
const skipped = (element) =>
  element.matches(SKIP) ||
  (!isMain && element.matches(FRAME) && !element.closest("article")) ||
  ((element.id || element.className) && (COOKIES.test(`${element.id} ${element.getAttribute("class")}`) ||
    (element !== root && TRAIL.test(`${element.id} ${element.getAttribute("class")}`) && element.matches("div, ol, ul, section, p"))));

// Each block with the text that is its own: what stands in a block inside it is that block's.
const texts = new Map();
let nodes = 0, length = 0;
const add = (block, text, link) => {
  if (!texts.has(block)) {
    if (!text.trim() || length > mostText || texts.size >= mostBlocks) return;
    texts.set(block, { text: "", linked: 0, links: [] });
  }
  const known = texts.get(block);
  if (known.text.length < longestBlock) known.text += text;
  length += text.length;
  if (!link) return;
  known.linked += text.trim().length;
  const href = link.getAttribute("href");
  if (/^(tel|mailto):/i.test(href) && known.links.length < 10 && !known.links.includes(href)) known.links.push(href.slice(0, 200));
};
// A stack of its own: a hostile page is nested as deep as it likes.
const stack = [];
const push = (parent, block, link) => {
  for (let child = parent.lastChild; child; child = child.previousSibling) stack.push([child, block, link]);
};
push(root, root, null);
while (stack.length && nodes < mostNodes) {
  const [node, block, link] = stack.pop();
  nodes++;
  if (node.nodeType === Node.TEXT_NODE) add(block, node.data, link);
  if (node.nodeType !== Node.ELEMENT_NODE || skipped(node)) continue;
  const isBlock = BLOCK.has(node.localName);
  // A word in another language inside a sentence is not of that sentence's language.
  if (!isBlock && node.hasAttribute("lang") && !node.getAttribute("lang").toLowerCase().startsWith("nl")) continue;
  if (isBlock || node.localName === "br") add(block, "\n", null);
  const inside = isBlock ? node : block;
  const around = node.localName === "a" && node.hasAttribute("href") ? node : link;
  push(node, inside, around);
  if (node.shadowRoot) push(node.shadowRoot, inside, around);
}

// What the first cells of a row say.
const cells = (row) => [...(row?.children ?? [])].slice(0, 8).map((one) => one.textContent.replace(/\s+/g, " ").trim().slice(0, 80));
const heading = (element) => /^h[1-6]$/.test(element.localName);
const blocks = [];
let under = "";
for (const [element, { text, linked, links }] of texts) {
  const clean = text.replace(/[^\S\n]+/g, " ").replace(/ ?\n[ \n]*/g, "\n").trim().slice(0, longestBlock);
  if (!clean || !shown(element)) continue;
  if (heading(element)) under = clean.slice(0, 200);
  blocks.push({
    tag: element.localName,
    text: clean,
    under: heading(element) ? "" : under,
    row: element.localName === "td" ? cells(element.parentElement).filter((_, place) => element.parentElement.children[place] !== element) : [],
    head: element.localName === "td" ? cells(element.closest("table")?.rows[0]).join(" ").slice(0, 200) : "",
    lang: (element.closest("[lang]")?.getAttribute("lang") ?? "").toLowerCase().slice(0, 8),
    linked: Math.min(linked, clean.length),
    links,
    quoted: element.closest("blockquote, q") !== null,
    element: page.place(element),
  });
}

const meta = (name) => page.all(`meta[name="${name}" i], meta[property="${name}" i]`)[0] ?? null;
const description = meta("description");
const data = page.all("script[type='application/ld+json']").slice(0, 5).map((one) => one.textContent.slice(0, longestData));
const now = new Date();
return {
  today: [now.getFullYear(), now.getMonth() + 1, now.getDate()],
  title: document.title.replace(/\s+/g, " ").trim().slice(0, 300),
  isMain,
  cut: nodes >= mostNodes || length > mostText || texts.size >= mostBlocks,
  blocks,
  abbreviations: [...new Set(page.all("abbr[title], dfn").map((one) => one.textContent.trim().slice(0, 20)))].slice(0, 100),
  description: description ? { text: (description.getAttribute("content") ?? "").replace(/\s+/g, " ").trim().slice(0, 500), element: page.place(description) } : null,
  modified: (meta("article:modified_time") ?? meta("dcterms.modified") ?? meta("last-modified"))?.getAttribute("content")?.slice(0, 40) ?? "",
  headings: page.all("h1").filter((one) => page.exposed(one)).slice(0, 5).map((one) => ({ text: page.text(one).slice(0, 200), element: page.place(one) })),
  beside: page.all("aside, [role=complementary]").filter((one) => page.exposed(one)).slice(0, 5).map((one) => page.text(one)).join(" ").slice(0, 3000),
  media: root.querySelectorAll("img, picture, video, iframe, object, embed, form, input, canvas, svg, table, audio").length,
  links: root.querySelectorAll("a[href]").length,
  robots: meta("robots")?.getAttribute("content")?.toLowerCase().slice(0, 60) ?? "",
  root: page.place(root),
  data,
};
