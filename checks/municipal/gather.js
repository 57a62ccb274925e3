// What a page says of its own kind, and what a page about a product offers. Few and bounded facts, once for all topics of this area.
if (window !== window.top) return null;
const mostText = 40000, mostLinks = 150, mostHeadings = 80, longestName = 120, longestData = 50000, mostTypes = 20;
const clean = (text) => text.slice(0, 4 * longestName).replace(/\s+/g, " ").trim().slice(0, longestName);

const mains = page.all("main, [role=main]").filter((one) => page.exposed(one));
const root = mains.sort((one, other) => other.textContent.length - one.textContent.length)[0] ?? document.body;
if (!root) return null;

// Templates name the kind of page in the classes of the outermost elements.
const outer = [document.documentElement, document.body, root, ...root.querySelectorAll("article")].slice(0, 4);
const names = outer.map((one) => `${one.id} ${one.getAttribute("class") ?? ""}`).join(" ").slice(0, 1500);

// The types that its structured data give to the page itself, not to what stands deeper in it.
const types = [];
const LIST = "standaarden.overheid.nl/owms/terms"; // where the names of products have their addresses
const described = []; // by structured data of a service: the addresses of its name in that list, and the element
const describe = (node, script) => {
  if (!/Service|Permit/.test([node?.["@type"]].flat().join(" "))) return;
  for (const key of ["@id", "identifier", "sameAs", "url", "serviceType", "additionalType"])
    for (const one of [node[key]].flat().slice(0, 5)) {
      const said = typeof one === "string" ? one : one?.value ?? one?.["@id"];
      if (typeof said === "string" && said.toLowerCase().includes(LIST) && described.length < 5)
        described.push([said.trim().slice(0, 200), page.place(script), "upl"]);
    }
};
const add = (value) => {
  for (const one of Array.isArray(value) ? value.slice(0, 5) : [value])
    if (typeof one === "string" && types.length < mostTypes) types.push(one.split(/[/#:]/).pop().slice(0, 60));
};
for (const script of page.all("script[type='application/ld+json']").slice(0, 5)) {
  try {
    const data = JSON.parse(script.textContent.slice(0, longestData));
    for (const one of [data].flat().slice(0, 10))
      for (const node of [one, ...(Array.isArray(one?.["@graph"]) ? one["@graph"].slice(0, 20) : [])]) {
        add(node?.["@type"]);
        add(node?.mainEntity?.["@type"]);
        describe(node, script);
        describe(node?.mainEntity, script);
      }
  } catch { /* what is no JSON says nothing */ }
}
for (const element of [document.documentElement, document.body, root, ...root.querySelectorAll("[itemtype]")].slice(0, 6))
  add((element.getAttribute("itemtype") ?? "").split(/\s+/)[0]);

const metas = page.all("meta[name], meta[property]")
  .map((one) => [(one.getAttribute("name") ?? one.getAttribute("property")).toLowerCase(), one.getAttribute("content") ?? ""])
  .filter(([name]) => /^(dc|dcterms|owms|overheid\w*)[.:]|^(author|article:author|pagetype|page-type|contenttype|content-type|type|productid)$/.test(name))
  .slice(0, 40)
  .map(([name, content]) => [name.slice(0, 60), content.slice(0, 200)]);

const inFrame = "nav, header, footer, [role=navigation], [role=banner], [role=contentinfo], [role=search], [role=dialog]";
const feedback = /feedback|reactie|waardering|helpful|mening|nieuwsbrief|newsletter|zoek|search|cookie/i;
const isOfPage = (form) => !form.closest(inFrame) && !feedback.test(`${form.id} ${form.getAttribute("class")} ${form.getAttribute("action")} ${form.getAttribute("role")}`);
const forms = [...root.querySelectorAll("form")].slice(0, 10).filter((one) => page.exposed(one) && isOfPage(one));
const fields = forms.flatMap((form) => [...form.querySelectorAll("input, select, textarea")].slice(0, 100))
  .filter((one) => !["hidden", "submit", "button", "image", "reset", "search"].includes(one.type)).length;

// Text of the page and what stands beside it, closed parts too: a visitor can open those.
const besides = page.all("aside, [role=complementary]").filter((one) => !root.contains(one)).slice(0, 5);
const parts = [];
let length = 0;
for (const one of [root, ...besides]) {
  const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && length < mostText; node = walker.nextNode()) {
    if (/^(script|style|template|noscript)$/.test(node.parentNode.localName)) continue;
    parts.push(node.data.slice(0, mostText));
    length += node.data.length;
  }
}
const text = parts.join(" ").replace(/\s+/g, " ").slice(0, mostText);
const said = "h1, h2, h3, h4, h5, h6, dt, th, summary, legend, label, caption, [role=tab], [role=heading], button, b, strong";
const headings = [...root.querySelectorAll(said)].slice(0, mostHeadings).map((one) => clean(one.textContent)).filter(Boolean);
const links = [root, ...besides].flatMap((one) => [...one.querySelectorAll("a[href]")]).slice(0, mostLinks)
  .map((one) => [clean(one.textContent || one.getAttribute("aria-label") || ""), one.href.slice(0, 300)]);
const buttons = [...root.querySelectorAll("button, input[type=submit], input[type=button], [role=button]")].slice(0, 50)
  .map((one) => clean(one.textContent || one.value || one.getAttribute("aria-label") || ""));
// Where the page names its product by the national list of names, and the property that it gives it as.
const terms = page.all(["resource", "href", "content"].map((name) => `[${name}*="${LIST}" i]`).join(", ")).slice(0, 20).map((one) =>
  [(["resource", "content", "href"].map((name) => one.getAttribute(name) ?? "").find((value) => value.toLowerCase().includes(LIST)))
    .trim().slice(0, 200), page.place(one), (["property", "name", "itemprop", "rel"].map((name) => one.getAttribute(name)).find(Boolean) ?? "").slice(0, 80)])
  .concat(described);

const now = new Date();

return {
  today: [now.getFullYear(), now.getMonth() + 1, now.getDate()],
  names, types, metas, fields, text, headings, links, buttons, terms,
  heading: clean((page.all("h1").find((one) => page.exposed(one)) ?? { textContent: "" }).textContent),
  embedded: root.querySelectorAll("iframe, object, embed").length,
  words: (text.match(/\S+/g) ?? []).length,
  linked: links.reduce((sum, [name]) => sum + name.length, 0),
  root: page.place(root),
};
