// The words of a page block by block, as they are seen, and the elements that selectors find: a function (page) => facts for
// `vierluik.look`. SELECTORS and TEXTS are put in front: what is looked for, and whether words are needed at all.
const mostBlocks = 2000, mostText = 300000, longestBlock = 5000, mostFound = 20, mostNodes = 60000;
const BLOCK = new Set(("address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption " +
  "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol option p pre section select summary table tbody " +
  "td textarea tfoot th thead tr ul").split(" "));

const blocks = [];
let cut = false;  // whether words were left out
if (TEXTS && document.body) {
  const texts = new Map(), long = new Set();
  let length = 0, nodes = 0;
  for (const root of page.roots) {
    const walker = document.createTreeWalker(root === document ? document.body : root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode(), nodes++) {
      if (nodes >= mostNodes || length >= mostText) { cut = true; break; }
      let block = node.parentElement;
      if (!block || !node.data.trim() || /^(script|style|template|noscript)$/.test(block.localName)) continue;
      while (block.parentElement && !BLOCK.has(block.localName)) block = block.parentElement;
      const before = texts.get(block) ?? "";
      if (before.length < longestBlock) texts.set(block, before + node.data);
      else long.add(block);
      length += node.data.length;
    }
  }
  for (const [block, text] of texts) {
    if (!page.exposed(block)) continue;
    if (blocks.length >= mostBlocks) { cut = true; break; }
    const words = text.replace(/\s+/g, " ").trim();
    cut ||= long.has(block) || words.length > longestBlock;
    blocks.push([words.slice(0, longestBlock), page.place(block)]);
  }
}

const selectors = {};
for (const selector of SELECTORS)
  try {
    const found = page.all(selector);
    selectors[selector] = { count: found.length, elements: found.slice(0, mostFound).map((one) => page.target(one)) };
  } catch (error) {
    selectors[selector] = { failed: String(error).slice(0, 200) };
  }
return { blocks, cut, selectors, title: document.title.slice(0, 500), root: page.place(document.documentElement) };
