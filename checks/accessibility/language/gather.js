// The text of the document by the language that is in force for it: texts, alternatives and the title.
const mostText = 60000, mostPerOwner = 6000, mostBlocks = 120, longestBlock = 600, fewestInBlock = 60;
const skipped = new Set("script style template noscript code pre kbd samp var math textarea input select address svg iframe object audio video".split(" "));
const blocks = "p, li, dd, dt, h1, h2, h3, h4, h5, h6, blockquote, figcaption, td, th, caption, label, legend, div, section, article, main, aside, nav, header, footer, body";
const clean = (text) => text.replace(/\s+/g, " ").trim();
const html = document.documentElement;
const langOf = (element) => (element.getAttribute("lang") ?? element.getAttribute("xml:lang") ?? "").trim();

// Of each parent element: the element whose lang is in force, null where its text does not count.
const owners = new Map();
const ownerOf = (element) => {
  if (!element) return html;
  if (owners.has(element)) return owners.get(element);
  let owner;
  if (element.getAttribute("translate") === "no" || skipped.has(element.localName)) owner = null;
  else if (element === html) owner = html;
  else {
    const above = ownerOf(element.parentElement || element.getRootNode().host);
    owner = above && langOf(element) ? element : above;
  }
  owners.set(element, owner);
  return owner;
};
const counted = new Map();
const counts = (element) => {
  if (!counted.has(element)) counted.set(element, element.checkVisibility({ visibilityProperty: true }));
  return counted.get(element);
};

const texts = new Map();
const add = (owner, text) => {
  const all = texts.get(owner) || { parts: [], length: 0 };
  texts.set(owner, all);
  if (all.length < mostPerOwner) all.parts.push(text);
  all.length += text.length;
};
const perBlock = new Map();
let total = 0;
for (const root of page.roots) {
  const walker = document.createTreeWalker(root === document ? document.body || html : root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && total < mostText; node = walker.nextNode()) {
    const parent = node.parentElement || root.host;
    if (!parent || node.data.length < 2 || !/\p{L}/u.test(node.data)) continue;
    const owner = ownerOf(parent);
    if (!owner || !counts(parent)) continue;
    const text = clean(node.data);
    total += text.length;
    add(owner, text);
    const block = parent.closest(blocks) || parent;
    const found = perBlock.get(block) || { owner, parts: [], length: 0, mixed: false };
    perBlock.set(block, found);
    if (found.owner !== owner) found.mixed = true;
    else if (found.length < longestBlock) found.parts.push(text);
    found.length += text.length;
  }
}
// Names that are read out though they are not in the text.
for (const element of page.all("img[alt], area[alt], [aria-label], img[aria-labelledby], svg[aria-label]").slice(0, 300)) {
  const owner = ownerOf(element.parentElement) && (langOf(element) ? element : ownerOf(element.localName === "svg" ? element.parentElement : element));
  if (!owner || !page.exposed(element)) continue;
  const ids = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
  const referred = ids.map((id) => element.getRootNode().getElementById(id)).filter(Boolean);
  if (referred.length) {
    // A hidden caption is in no text, but it is the name of the image, and is read out in the language in force there.
    for (const one of referred) if (!counts(one)) add(owner, clean(one.textContent));
  } else add(owner, clean(element.getAttribute("aria-label") || element.getAttribute("alt") || ""));
}
const isPage = window === window.top;
if (isPage && document.title) add(html, clean(document.title));

return {
  isPage,
  language: langOf(html),
  page: isPage && texts.has(html) ? { text: texts.get(html).parts.join("\n").slice(0, mostPerOwner), length: texts.get(html).length, element: page.place(html) } : null,
  total,
  parts: [...texts].filter(([owner]) => owner !== html).slice(0, 60).map(([owner, { parts }]) => ({
    language: langOf(owner), text: parts.join("\n").slice(0, mostPerOwner), element: page.place(owner),
  })),
  blocks: [...perBlock].filter(([, one]) => !one.mixed && one.length >= fewestInBlock && one.owner === html)
    .slice(0, mostBlocks).map(([block, { parts }]) => ({ text: parts.join(" ").slice(0, longestBlock), element: page.place(block) })),
};
