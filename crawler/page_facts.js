// Runs in the isolated world of a page that has settled; gives what the page is and what it refers to, as one string.
(() => {
  const longestText = 200, mostReferences = 5000, mostShaped = 5000, mostShapes = 400;
  const sources = { IMG: "src", SCRIPT: "src", IFRAME: "src", FRAME: "src", EMBED: "src", OBJECT: "data", SOURCE: "src",
    TRACK: "src", AUDIO: "src", VIDEO: "src", INPUT: "src" };
  const selector = "a[href],area[href],link[href]," +
    Object.entries(sources).map(([tag, name]) => `${tag.toLowerCase()}[${name}]`).join(",");
  const toPages = /\b(next|prev|up|contents|index|alternate|author|help|start|home)\b/i;
  const toFiles = /\b(stylesheet|icon|apple-touch-icon|manifest|preload|modulepreload|mask-icon)\b/i;
  const kind = (element) => {
    if (element.tagName !== "LINK") return element.localName;
    const rel = element.getAttribute("rel") || "", type = element.getAttribute("type") || "";
    if (toFiles.test(rel)) return /\bstylesheet\b/i.test(rel) ? "stylesheet" : "link";
    return toPages.test(rel) && (type === "" || type === "text/html") ? "link-page" : "";
  };
  const links = new Map();
  const add = (reference, text, name) => {
    if (!reference || reference.length > 8000 || links.size >= mostReferences) return;
    let url;
    try { url = new URL(reference.trim(), document.baseURI).href; } catch { return; }
    if (!/^https?:/.test(url)) return;
    const key = url + " " + name;
    if (!links.has(key)) links.set(key, [url, text.replace(/\s+/g, " ").trim().slice(0, longestText), name]);
  };
  const roots = [document];
  let elements = 0;
  for (let i = 0; i < roots.length; i++) {
    for (const element of roots[i].querySelectorAll(selector)) {
      const name = kind(element);
      if (!name) continue;
      const attribute = sources[element.tagName] || "href";
      const text = element.tagName === "A" ? element.textContent || element.getAttribute("aria-label") || "" : element.getAttribute("alt") || "";
      add(element.getAttribute(attribute), text, name);
    }
    for (const element of roots[i].querySelectorAll("img[srcset],source[srcset]"))
      for (const candidate of element.getAttribute("srcset").split(","))
        add(candidate.trim().split(/\s+/)[0], "", element.localName);
    for (const style of roots[i].querySelectorAll("style"))
      for (const match of style.textContent.replace(/\/\*[^]*?\*\/|@font-face\s*\{[^}]*\}/g, "").matchAll(/url\(\s*["']?([^)"']+)["']?\s*\)/g))
        if (!match[1].startsWith("#")) add(match[1], "", "css");
    const all = roots[i].querySelectorAll("*");
    elements += all.length;
    if (all.length < 50000) for (const element of all) if (element.shadowRoot) roots.push(element.shadowRoot);
  }
  // The shapes of the page: what stands in what. Classes with digits are made by a machine and change by themselves.
  const shapes = new Set();
  const name = (element) => element.localName + "." + [...element.classList].filter((one) => !/\d/.test(one)).sort().slice(0, 3).join(".");
  const hash = (text) => {
    let sum = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
    return sum >>> 0;
  };
  for (const element of document.body ? [...document.body.querySelectorAll("*")].slice(0, mostShaped) : []) {
    if (shapes.size >= mostShapes) break;
    if (element.parentElement) shapes.add(hash(name(element.parentElement) + ">" + name(element)));
  }
  // The style sheets and scripts that the page loads, whoever asked for them: those of its frames and shadows too.
  const assets = new Set(), mostAssets = 300;
  const load = (address) => {
    if (/^https?:/.test(address || "") && address.length < 2000 && assets.size < mostAssets) assets.add(address.replace(/#.*/, ""));
  };
  const sheets = (list, depth) => {
    for (const sheet of list) {
      load(sheet.href);
      let rules = [];
      try { rules = sheet.cssRules; } catch { /* of another origin */ }
      for (const rule of depth < 5 ? rules : []) {
        if (!(rule instanceof CSSImportRule)) break;
        if (rule.styleSheet) sheets([rule.styleSheet], depth + 1);
      }
    }
  };
  for (const root of roots) {
    sheets(root.styleSheets, 0);
    for (const script of root.querySelectorAll("script[src]")) load(script.src);
  }
  for (const entry of performance.getEntriesByType("resource"))
    if (entry.initiatorType === "script" || /\.(m?js|css)($|[?#])/.test(entry.name)) load(entry.name);
  const [navigation] = performance.getEntriesByType("navigation");
  return JSON.stringify({
    // What was asked of the server, all redirects followed; a script may write another address in the address bar.
    address: navigation ? navigation.name : document.URL,
    title: document.title.slice(0, 1000),
    language: (document.documentElement && document.documentElement.getAttribute("lang") || "").slice(0, 35),
    elements,
    structure: [...shapes],
    links: [...links.values()],
    assets: [...assets],
  });
})()
