// Headings, and for the main one the words of the rest of the page.
const mostHeadings = 300;
const clean = (text) => text.replace(/\s+/g, " ").trim();
const headings = page.all("h1, h2, h3, h4, h5, h6, [role=heading]").filter((one) => page.exposed(one)).slice(0, mostHeadings);
if (!headings.length) return null;
const levelOf = (heading) => Number(heading.getAttribute("aria-level")) || Number(/^h([1-6])$/.exec(heading.localName)?.[1]) || 2;
const facts = headings.map((heading) => ({
  text: (heading.querySelector("img, svg, [aria-label]") ? page.name(heading) : page.text(heading)).slice(0, 200),
  level: levelOf(heading),
  link: heading.querySelector("a[href]")?.href ?? heading.closest("a[href]")?.href ?? "",
  element: page.place(heading),
}));
const firsts = headings.filter((one) => levelOf(one) === 1);
let rest = null;
if (firsts.length === 1 && window === window.top) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const parts = [document.title];
  let length = 0;
  for (let node = walker.nextNode(); node && length < 20000; node = walker.nextNode()) {
    if (!node.data.trim() || firsts[0].contains(node) || /^(script|style|noscript|template)$/.test(node.parentElement.localName)) continue;
    parts.push(node.data);
    length += node.data.length;
  }
  for (const image of page.all("img[alt]").slice(0, 100)) if (!firsts[0].contains(image)) parts.push(image.alt);
  rest = { index: headings.indexOf(firsts[0]), text: clean(parts.join(" ")).slice(0, 20000) };
}
return { headings: facts, rest };
