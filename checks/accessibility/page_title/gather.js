// The title of the page, and the words that it should fit.
const title = document.querySelector("head > title") || document.querySelector("title");
if (window !== window.top || !title) return null;
// What the page says, up to 20,000 characters.
const rest = () => {
  const walker = document.createTreeWalker(document.body ?? document.documentElement, NodeFilter.SHOW_TEXT);
  const parts = page.all("img[alt]").slice(0, 100).map((one) => one.alt.slice(0, 200));
  let length = 0;
  for (let node = walker.nextNode(); node && length < 20000; node = walker.nextNode()) {
    if (!node.data.trim() || /^(script|style|noscript|template|title)$/.test(node.parentElement?.localName)) continue;
    parts.push(node.data);
    length += node.data.length;
  }
  return parts.join(" ").replace(/\s+/g, " ").slice(0, 20000);
};
return {
  title: document.title.replace(/\s+/g, " ").trim(),
  text: rest(),
  headings: page.all("h1").filter((one) => page.exposed(one)).slice(0, 3).map((one) => page.text(one)),
  element: page.target(title),
};
