// Links whose address alone says whether they can work: places on this page, mail, telephone, hosts of the makers.
const most = 400, longest = 300;
const here = location.origin + location.pathname + location.search;
// A script may do something else with a link; then its address says nothing.
const isScripted = (link) =>
  link.hasAttribute("onclick") || link.hasAttribute("role") || link.hasAttribute("aria-controls") || link.hasAttribute("aria-expanded") ||
  link.hasAttribute("aria-haspopup") || [...link.attributes].some((one) => one.name.startsWith("data-") || /^(@|v-on:|ng-|x-on:|on-)/.test(one.name));
const unescaped = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
// HTML, "select the indicated part": an id as written, then as unescaped; in old pages a name.
const exists = (name) =>
  [name, unescaped(name)].some((one) => document.getElementById(one) || document.getElementsByName(one)[0]?.localName === "a");
// Routes and states of a script, text fragments, the top of the page.
const isPlace = (name) => name && !/^(top|!|\/|:~:)|[=&/]/i.test(name);
const found = [];
for (const link of page.all("a[href], area[href]")) {
  if (found.length >= most) break;
  const href = link.getAttribute("href").trim();
  const kind = /^(mailto|tel):/i.exec(href)?.[1].toLowerCase();
  if (!kind && !/^(#|https?:|\/\/|file:)/i.test(href)) continue;
  if (kind) {
    if (page.exposed(link)) found.push({ kind, address: unescaped(href.slice(kind.length + 1)).slice(0, longest), text: page.text(link).slice(0, longest), element: page.target(link) });
    continue;
  }
  let url;
  try {
    url = new URL(href, document.baseURI);
  } catch {
    continue;
  }
  const name = url.hash.slice(1);
  if (url.origin + url.pathname + url.search === here) {
    if (!isPlace(name) || isScripted(link) || !page.exposed(link)) continue;
    found.push({ kind: "place", address: unescaped(name).slice(0, longest), exists: Boolean(exists(name)), element: page.target(link) });
  } else if (url.host !== location.host && page.exposed(link)) {
    found.push({ kind: "host", address: url.hostname.slice(0, longest), element: page.target(link) });
  }
}
return { links: found, host: location.hostname };
