// How a page is built: a way past what is the same on every page, and lists, headings and groups of fields that only look like it.
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const visibleText = (one) => page.visible(one) && page.exposed(one);

// The first block of links, and what helps to get past it.
const bypass = () => {
  if (window !== window.top || !document.body) return null;
  const blocks = page.all("nav, [role=navigation], ul, ol, div, p").slice(0, 300);
  const block = blocks.find((one) => one.querySelectorAll("a[href]").length >= 1 && one.children.length && visibleText(one) &&
    (one.matches("nav, [role=navigation]") || one.querySelectorAll("li").length >= 2 || one.querySelectorAll("a[href]").length >= 2) &&
    clean(one.innerText).length < 2000 && !one.querySelector("p, main, article, h1, form"));
  if (!block) return null;
  const after = (one) => Boolean(block.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) && !block.contains(one);
  let length = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  walker.currentNode = block;
  for (let text = walker.nextNode(), i = 0; text && i < 3000 && length < 400; text = walker.nextNode(), i++)
    if (!block.contains(text) && !text.parentElement.closest("a, script, style, noscript, button") && page.visible(text.parentElement))
      length += clean(text.data).length;
  const somewhere = (selector, test) => page.all(selector).slice(0, 200).some(test);
  return {
    element: page.target(document.documentElement),
    textAfter: length,
    heading: somewhere("h1, h2, h3, h4, h5, h6, [role=heading]", (one) => after(one) && page.exposed(one)),
    main: somewhere("main, [role=main]", (one) => page.exposed(one)),
    landmark: somewhere("aside, [role=complementary], [role=region], section[aria-label], section[aria-labelledby], article, form, [role=form], [role=search]",
      (one) => after(one) && page.exposed(one)),
    jump: somewhere("a[href*='#']", (one) => {
      if (one.origin + one.pathname + one.search !== location.origin + location.pathname + location.search || one.hash.length < 2) return false;
      let name = one.hash.slice(1);
      try { name = decodeURIComponent(name); } catch { /* as it is written */ }
      const goal = document.getElementById(name) || document.getElementsByName(name)[0];
      return Boolean(goal) && (after(goal) || goal.contains(block));
    }),
    control: somewhere("button, summary, [role=button], [aria-expanded], [aria-controls], [onclick], input[type=button], a[href='#']", () => true),
    frames: page.frames.length,
    sameSite: [...block.querySelectorAll("a[href]")].filter((one) => one.origin === location.origin && one.pathname !== location.pathname).length,
  };
};

// Lines that begin with a bullet or a number, and are no list.
const bullet = /^\s*([•●▪◦‣∙·■□➤➢►▶✓✔✗→»›*–—-]|\(?(\d{1,2}|[a-z])[.)])\s*\S/i;
const lists = () => {
  const found = [];
  const outside = "li, pre, code, nav, [role=listitem], [role=menu], textarea, select, table[role=presentation], a";
  const seen = new Set();
  for (const first of page.all("br").slice(0, 3000)) {
    const block = first.parentElement;
    if (!block || seen.has(block) || found.length >= 20) continue;
    seen.add(block);
    if (seen.size > 400) break;
    if (block.closest(outside) || !bullet.test(block.textContent)) {
      if (!/\n\s*[•●▪◦‣–-]\s/.test(block.innerText || "") || block.closest(outside)) continue;
    }
    if (!page.visible(block)) continue;
    const lines = (block.innerText || "").split("\n").map(clean).filter(Boolean).slice(0, 60);
    if (lines.filter((line) => bullet.test(line)).length >= 3) found.push({ element: page.target(block), lines: lines.map((line) => line.slice(0, 160)), way: "breaks" });
  }
  const done = new Set();
  for (const one of page.all("p, div").slice(0, 5000)) {
    if (found.length >= 20) break;
    if (done.has(one) || one.childElementCount > 12 || one.textContent.length > 600 || !bullet.test(one.textContent) || one.closest(outside)) continue;
    const run = [];
    for (let next = one; next && next.localName === one.localName && bullet.test(next.textContent) && run.length < 60; next = next.nextElementSibling) {
      if (next.querySelector("p, div, ul, ol, table, input, h1, h2, h3, h4, h5, h6")) break;
      done.add(next);
      run.push(next);
    }
    if (run.length >= 3 && page.visible(one))
      found.push({ element: page.target(one), lines: run.map((line) => clean(line.textContent).slice(0, 160)), way: "blocks" });
  }
  return found;
};
const realLists = page.all("ul, ol").slice(0, 200).filter((one) => page.visible(one)).slice(0, 5).map((one) => page.place(one));

// A short line that looks heavier than the text that follows it.
const headings = () => {
  const found = [];
  const outside = "a, button, li, nav, header, footer, table, label, legend, figcaption, figure, blockquote, dl, summary, form, aside, pre, [role=heading], [role=button], [role=tab], [role=dialog], h1, h2, h3, h4, h5, h6";
  for (const one of page.all("p, div").slice(0, 3000)) {
    if (found.length >= 3) break;
    const next = one.nextElementSibling;
    if (!next || one.childElementCount > 2 || one.textContent.length > 90 || !next.matches("p, ul, ol, div")) continue;
    const text = clean(one.textContent), follows = clean(next.textContent);
    if (text.length < 3 || follows.length < 80 || one.closest(outside) || next.querySelector("h1, h2, h3, h4, h5, h6, button, input, form, nav, table, img")) continue;
    if (one.querySelector("img, br, input, a, button, div, p, svg") || !page.onScreen(one)) continue;
    const inner = one.childElementCount === 1 && clean(one.firstElementChild.textContent) === text ? one.firstElementChild : one;
    let body = next;
    while (body.firstElementChild && clean(body.firstElementChild.textContent).length > follows.length / 2) body = body.firstElementChild;
    const mine = page.style(inner), its = page.style(body);
    const weight = Number(mine.fontWeight) >= 600 && Number(its.fontWeight) < 600;
    const size = parseFloat(mine.fontSize) / parseFloat(its.fontSize);
    if (weight || size >= 1.2) found.push({ element: page.target(one), text: text.slice(0, 90), weight, size: Math.round(size * 100) / 100 });
  }
  return found;
};

// Radio buttons and checkboxes that belong together, and the name of what they stand in.
const groups = () => {
  const byName = new Map();
  for (const one of page.all("input[type=radio], input[type=checkbox]").slice(0, 600)) {
    if (!one.name || !page.exposed(one)) continue;
    const form = one.form ? page.all("form").indexOf(one.form) : -1;
    const key = `${one.type} ${form} ${one.name}`;
    byName.set(key, [...(byName.get(key) || []), one]);
  }
  const found = [];
  for (const fields of byName.values()) {
    if (fields.length < 2 || found.length >= 40) continue;
    let named = false, around = null;
    for (let up = fields[0].parentElement; up && up !== document.body; up = up.parentElement) {
      if (!fields.every((one) => up.contains(one))) continue;
      around = around || up;
      if (!up.matches("fieldset, [role=group], [role=radiogroup], [role=listbox]")) continue;
      named = Boolean(page.name(up) || (up.localName === "fieldset" && clean(up.querySelector("legend") && up.querySelector("legend").innerText)));
      if (named) break;
    }
    const described = fields.every((one) => (one.getAttribute("aria-labelledby") || "").trim().split(/\s+/).length > 1 || one.getAttribute("aria-describedby"));
    found.push({
      element: page.target((around && around !== document.documentElement && around) || fields[0]),
      kind: fields[0].type,
      named: named || described,
      names: fields.slice(0, 12).map((one) => page.name(one).slice(0, 60)),
      seen: fields.some((one) => one.labels && [...one.labels].some((label) => page.visible(label))) || fields.some((one) => page.visible(one)),
    });
  }
  return found;
};

return { bypass: bypass(), lists: lists(), realLists, headings: headings(), groups: groups() };
