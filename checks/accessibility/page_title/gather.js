// The title of the page, and the words that it should fit.
const title = document.querySelector("head > title") || document.querySelector("title");
if (window !== window.top || !title) return null;
return {
  title: document.title.replace(/\s+/g, " ").trim(),
  headings: page.all("h1").filter((one) => page.exposed(one)).slice(0, 3).map((one) => page.text(one)),
  element: page.target(title),
};
