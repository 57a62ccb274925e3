// What a narrow window, larger text and wider spacing do to the page, by geometry.
const page = new vierluik.Page();
const MAY_BE_WIDE = "table, [role=table], [role=grid], pre, code, img, svg, video, canvas, iframe, object, embed, math, map, figure, [class*=map], [class*=kaart], [class*=leaflet]";
const SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }";
const cut = new Map();
const holders = () => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(), count = 0; node && count < 6000; node = walker.nextNode(), count++) {
    if (node.data.trim().length > 1 && node.parentElement && !node.parentElement.closest("script, style, noscript, template, option, textarea")) found.add(node.parentElement);
  }
  return [...found].slice(0, 2500);
};
// The text of an element as it is drawn; null where nobody can see it.
const rectOf = (element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const box = range.getBoundingClientRect();
  return box.width > 1 && box.height > 1 ? box : null;
};
const clipper = (element) => {
  for (let up = element; up && up !== document.body; up = up.parentElement) {
    const style = getComputedStyle(up);
    const position = style.position;
    if (/hidden|clip/.test(style.overflowX + style.overflowY)) return up;
    if (/auto|scroll/.test(style.overflowX + style.overflowY)) return null;
    if (position === "fixed") return null;
  }
  return null;
};
// How many pixels of an element's text are cut off by the box around it that hides what overflows.
const cutOff = (element) => {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return 0;
  const around = clipper(element);
  if (!around) return 0;
  const style = getComputedStyle(around);
  const box = around.getBoundingClientRect(), text = rectOf(element);
  if (!text || box.width < 8 || box.height < 8) return 0; // hidden for the eye on purpose
  const own = getComputedStyle(element);
  if (own.textIndent.startsWith("-") || own.clip !== "auto" || /inset/.test(own.clipPath)) return 0;
  // What overflows on a side where the box scrolls can still be reached.
  const hides = (overflow) => /hidden|clip/.test(overflow);
  const below = hides(style.overflowY) ? text.bottom - box.bottom : 0;
  const beside = hides(style.overflowX) && style.textOverflow !== "ellipsis" ? text.right - box.right : 0;
  // Wholly outside: a slide that waits for its turn, a closed menu.
  if (text.top >= box.bottom || text.left >= box.right || text.right <= box.left || text.bottom <= box.top) return 0;
  const line = parseFloat(own.fontSize);
  return Math.max(below > line * 0.35 ? below : 0, beside > line * 0.35 ? beside : 0);
};
// The edge goes through the letters of a line: no cut that anybody could mean.
const isThroughLetters = (element) => {
  const around = clipper(element), style = getComputedStyle(around), own = getComputedStyle(element);
  const box = around.getBoundingClientRect();
  if (style.getPropertyValue("-webkit-line-clamp") !== "none" || style.maskImage !== "none" || own.maskImage !== "none") return false;
  if (getComputedStyle(around, "::after").backgroundImage.includes("gradient") || getComputedStyle(element, "::after").backgroundImage.includes("gradient")) return false;
  for (let up = element; up !== around; up = up.parentElement) if (getComputedStyle(up).transform !== "none" || /absolute|fixed/.test(getComputedStyle(up).position)) return false;
  if (document.getAnimations().some((one) => one.effect?.target?.contains(element)) || !page.exposed(element)) return false;
  const range = document.createRange();
  range.selectNodeContents(element);
  const seen = [...range.getClientRects()].slice(0, 200).filter((line) => line.width > 8 && line.left < box.right && line.right > box.left)
    .map((line) => (box.bottom - line.top) / line.height);
  return seen.some((part) => part > 0.2 && part < 0.8);
};
let sheet = null, before = new Map();
return {
  begin: () => { before = new Map(holders().map((element) => [element, cutOff(element)])); return before.size; },
  space: () => {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(SPACING);
    for (const root of page.roots) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return true;
  },
  unspace: () => { for (const root of page.roots) root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet); return true; },
  // Text that can be read now and could be read whole before.
  newlyCut: () => {
    try {
      const found = [];
      for (const [element, was] of before) {
        if (was > 0 || !element.isConnected || found.length >= 5) continue;
        const by = cutOff(element);
        if (by > 0) found.push({ ...page.target(element), text: page.text(element).slice(0, 60), by: Math.round(by), through: isThroughLetters(element), elsewhere: page.restOf(clipper(element)) });
      }
      return found;
    } finally { if (globalThis.axe && axe._tree) axe.teardown(); }
  },
  wide: async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const root = document.scrollingElement || document.documentElement;
    const width = document.documentElement.clientWidth;
    const over = root.scrollWidth - width;
    const style = getComputedStyle(document.documentElement), body = getComputedStyle(document.body);
    const hides = /hidden|clip/.test(style.overflowX) || (/hidden|clip/.test(body.overflowX) && style.overflowX === "visible");
    if (over <= 4 || hides) return { over: 0, width, causes: [] };
    const guilty = [];
    let excused = 0;
    for (const element of page.elements.slice(0, 8000)) {
      const box = element.getBoundingClientRect();
      if (box.right + scrollX <= width + 4 || box.width < 2 || !page.visible(element)) continue;
      let inside = null;
      for (let up = element; up && up !== document.body; up = up.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX) && up !== element) { inside = up; break; }
      if (inside && inside.getBoundingClientRect().right <= width + 4) continue;
      if (element.closest(MAY_BE_WIDE) || element.querySelector(MAY_BE_WIDE)) { excused++; continue; }
      if (!guilty.some((one) => one.contains(element))) guilty.push(element);
      else { const parent = guilty.findIndex((one) => one.contains(element)); if (element.children.length === 0 && page.text(element)) guilty[parent] = element; }
    }
    try {
      const withText = guilty.filter((one) => page.text(one) || one.matches("input, button, select, textarea"));
      return { over, width, excused, causes: withText.slice(0, 3).map((one) => ({ ...page.target(one), text: page.text(one).slice(0, 60), block: one.textContent.trim().split(/\s+/).some((word) => word.length > 30) })) };
    } finally { if (globalThis.axe && axe._tree) axe.teardown(); }
  },
  viewport: () => matchMedia("(orientation: portrait)").matches,
  body: () => { try { return page.target(document.body); } finally { if (globalThis.axe && axe._tree) axe.teardown(); } },
};
