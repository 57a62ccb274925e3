// Texts that may point by place, shape or colour, and what on the page they may point at.
const mostTexts = 80, longest = 500;
const sieve = /right|left|rechts|links|rechter|linker|round|circ|square|triang|rectang|diamond|star\b|oval|shaped|\bred\b|green|blue|yellow|orange|purple|gr[ae]y|rond|vierkant|driehoek|cirkel|ster\b|ruit|rood|rode|groen|blauw|ge(el|le)|oranje|paars|grijze?|zwarte?|witte?|corner|hoek/i;
const blocks = "p, li, dd, dt, td, th, h1, h2, h3, h4, h5, h6, label, legend, figcaption, blockquote, div, section, article, main, body";
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const texts = [];
const seen = new Set();
for (const root of page.roots) {
  const walker = document.createTreeWalker(root === document ? document.body || document.documentElement : root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && texts.length < mostTexts; node = walker.nextNode()) {
    if (node.data.length < 4 || !sieve.test(node.data)) continue;
    const block = node.parentElement?.closest(blocks);
    if (!block || seen.has(block) || /^(script|style|noscript|template)$/.test(node.parentElement.localName)) continue;
    seen.add(block);
    if (block.closest("nav, pre, code, select, button") || !page.visible(node.parentElement)) continue;
    const text = block.childElementCount > 12 ? clean(node.data) : page.text(block);
    texts.push({ text: text.slice(0, longest), hasLink: block.querySelector("a[href]") !== null, box: page.box(block), element: page.place(block) });
  }
}
if (!texts.length) return null;
const names = [];
const name = (text) => { if (names.length < 300 && text) names.push(clean(text).slice(0, 80)); };
const count = (selector) => page.all(selector).filter((one) => page.visible(one)).length;
for (const one of page.all("h1, h2, h3, h4, h5, h6, [role=heading], caption, legend, summary, label")) name(one.textContent);
for (const one of page.all("button, [role=button], input[type=submit], input[type=button]")) name(one.getAttribute("aria-label") || one.value || one.textContent);
for (const one of page.all("[aria-label]")) name(one.getAttribute("aria-label"));
for (const one of page.all("img[alt]")) name(one.alt);
for (const one of page.all("iframe[title]")) name(one.title);
// What may be called a menu: lists of links and navigations, where they stand, and whether they have a name of their own.
const heading = "h1, h2, h3, h4, h5, h6, [role=heading], summary, legend";
const isNamed = (one) => {
  for (let up = one, step = 0; up && up !== document.body && step < 3; up = up.parentElement, step++)
    if (up.matches("[aria-label], [aria-labelledby], [title]") || up.querySelector(heading) || up.previousElementSibling?.matches(heading)) return true;
  return false;
};
const menus = page.all("nav, [role=navigation], menu, [role=menu], [role=menubar], ul, ol").slice(0, 200)
  .filter((one) => one.querySelectorAll("a[href]").length > 1 && !one.parentElement.closest("nav, [role=navigation], menu, ul, ol") && page.visible(one))
  .slice(0, 20).map((one) => ({ box: page.box(one.querySelector("li, a[href]")), named: isNamed(one) }));
return {
  texts, names, menus, width: innerWidth,
  counts: {
    button: count("button, [role=button], input[type=submit], input[type=button], input[type=image]"),
    nav: count("nav, [role=navigation], menu, [role=menu], [role=menubar]"),
    list: count("ul, ol"),
    link: count("a[href], [role=link]"),
    field: count("input:not([type=hidden]):not([type=submit]), select, textarea"),
    form: count("form, [role=form], [role=search]"),
    picture: count("img, svg, canvas, [role=img]"),
    frame: count("iframe"),
    table: count("table"),
  },
};
