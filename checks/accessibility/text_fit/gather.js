// Boxes that hide what does not fit, and the lines of text that their edge cuts through: now, and in a window half as large.
const mostBoxes = 400, mostLines = 80, mostRules = 8000;
const hides = (value) => value === "hidden" || value === "clip";

// Text that runs by itself, or in and out of view, is another matter.
const moving = page.once("animated elements", () => new Set(document.getAnimations().map((one) => one.effect && one.effect.target)));

const linesOf = (box) => {
  const lines = [], walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = walker.nextNode(); text && lines.length < mostLines; text = walker.nextNode()) {
    if (!text.data.trim()) continue;
    let direct = true, still = true;
    for (let up = text.parentElement; up && up !== box; up = up.parentElement) {
      const style = page.style(up);
      if (!style.display.startsWith("inline")) direct = false;
      else if (style.display !== "inline") direct = false;
      if (style.overflowX !== "visible" || style.overflowY !== "visible" || style.position === "absolute" || style.position === "fixed" ||
        style.transform !== "none" || style.visibility !== "visible" || style.opacity === "0" || moving.has(up)) { still = false; break; }
    }
    if (!still || page.style(text.parentElement).visibility !== "visible") continue;
    range.selectNodeContents(text);
    for (const rect of range.getClientRects()) if (rect.width > 1 && rect.height > 4) lines.push({ rect, direct });
  }
  return lines;
};

// Not cut off by accident: words for screen readers only, an icon font, a text that is made to fade away.
const isAside = (box, style) => {
  const { width, height } = box.getBoundingClientRect();
  return width < 8 || height < 4 || style.clipPath !== "none" || style.clip !== "auto" || !page.visible(box) || !page.exposed(box) || moving.has(box) ||
    style.maskImage !== "none" || /\bicon|material-(icons|symbols)|\bfa\b/i.test(box.getAttribute("class") || "") ||
    (box.scrollHeight > box.clientHeight + 2 && getComputedStyle(box, "::after").backgroundImage.includes("gradient"));
};

const found = [];
const judged = new Set();
const isSmall = (box) => box.getElementsByTagName("*").length < 60;

let boxes = 0;
for (const box of page.elements) {
  if (!box.firstChild || !(box instanceof HTMLElement) || box === document.body || box === document.documentElement) continue;
  const style = page.style(box);
  const clipsX = hides(style.overflowX), clipsY = hides(style.overflowY);
  if (!clipsX && !clipsY) continue;
  const tall = clipsY && box.scrollHeight > box.clientHeight + 2, wide = clipsX && box.scrollWidth > box.clientWidth + 2;
  const text = box.textContent.trim().length;
  if (text < 3) continue;
  if (boxes++ > mostBoxes) break;
  if ((!tall && !wide) || !isSmall(box) || isAside(box, style)) {
    if (found.length < 60 && text > 20 && !isAside(box, style) && !tall && !wide) found.push({ box, cut: null });
    continue;
  }
  if (style.getPropertyValue("-webkit-line-clamp") !== "none") continue;
  const edge = box.getBoundingClientRect();
  const bottom = edge.top + box.clientTop + box.clientHeight, right = edge.left + box.clientLeft + box.clientWidth;
  let cut = null;
  for (const { rect, direct } of linesOf(box)) {
    const seen = (bottom - rect.top) / rect.height;
    if (tall && seen > 0.2 && seen < 0.8 && rect.left < right && rect.right > edge.left) cut = { way: "bottom", direct };
    // Beyond an ellipsis there is more, and a reader can see that there is.
    if (wide && style.textOverflow === "clip" && rect.left < right - 8 && rect.left >= edge.left - 1 && rect.right > right + 8 && rect.top < bottom)
      cut = { way: "side", direct: direct && style.whiteSpace.includes("nowrap") };
    if (cut && cut.direct) break;
  }
  if (cut) {
    judged.add(box);
    found.push({ box, cut, elsewhere: page.restOf(box) });
  }
}

// A height in parts of the window: at 200 % the window holds half as much (640 by 512 pixels).
const halfHeight = 5.12;
const share = (value) => {
  const match = /^([\d.]+)[dsl]?vh$/.exec(value);
  return match ? Number(match[1]) * halfHeight : null;
};
const inHalf = (media) => {
  const upTo = /max-width:\s*([\d.]+)(px|em|rem)/.exec(media), from = /min-width:\s*([\d.]+)(px|em|rem)/.exec(media);
  const pixels = (match) => Number(match[1]) * (match[2] === "px" ? 1 : 16);
  return Boolean(upTo && pixels(upTo) >= 640 && !(from && pixels(from) > 640) && !/print|height|orientation|hover|prefers/.test(media));
};
const limits = []; // [selector, greatest height in pixels, only in the half window]
let rules = 0;
const scan = (list, half) => {
  for (const rule of list) {
    if (rules++ > mostRules) return;
    if (rule instanceof CSSMediaRule) {
      const now = matchMedia(rule.media.mediaText).matches;
      if (now || inHalf(rule.media.mediaText)) scan(rule.cssRules, half || !now);
    } else if (rule instanceof CSSStyleRule && rule.style.overflowY && hides(rule.style.overflowY)) {
      const height = rule.style.height || rule.style.maxHeight;
      const window = share(height);
      if (window) limits.push([rule.selectorText, window, null]);
      else if (half && /^[\d.]+(px|em|rem)$/.test(height)) limits.push([rule.selectorText, null, height]);
    }
  }
};
for (const root of page.roots)
  for (const sheet of [...(root.styleSheets || [])].slice(0, 60)) {
    try {
      scan(sheet.cssRules, false);
    } catch {
      continue; // a style sheet of another origin
    }
  }
const pixelsOf = (height, style) => parseFloat(height) * (height.endsWith("px") ? 1 : height.endsWith("rem") ? 16 : parseFloat(style.fontSize));
const later = [];
for (const box of page.all("[style*='vh']").slice(0, 60)) {
  const limit = share(box.style.height || box.style.maxHeight);
  if (limit && hides(box.style.overflowY)) later.push([box, limit, true]);
}
for (const [selector, limit, height] of limits.slice(0, 60)) {
  let matches = [];
  try {
    matches = page.all(selector).slice(0, 20);
  } catch {
    continue;
  }
  for (const box of matches) later.push([box, limit || pixelsOf(height, page.style(box)), Boolean(limit)]);
}
// One line now that becomes two where the window is half as wide.
for (const { box, cut } of found) {
  if (cut || box.clientWidth <= 640 || page.style(box).whiteSpace.includes("nowrap") || !hides(page.style(box).overflowY)) continue;
  if (/px$/.test(String(box.computedStyleMap().get("height")))) later.push([box, box.clientHeight, /em$/.test(box.style.height)]);
}
for (const [box, limit, sure] of later.slice(0, 100)) {
  const style = page.style(box);
  if (judged.has(box) || limit < 8 || !isSmall(box) || isAside(box, style)) continue;
  judged.add(box);
  const lines = linesOf(box).filter((one) => one.direct);
  if (!lines.length) continue;
  // As narrow as half the window, the same words take at least as many lines.
  const line = lines[0].rect.height, wide = Math.min(box.clientWidth, 640);
  const words = lines.reduce((sum, one) => sum + one.rect.width, 0);
  const top = Math.min(...lines.map((one) => one.rect.top)), bottom = Math.max(...lines.map((one) => one.rect.bottom));
  const needed = Math.max(sure ? bottom - top : 0, Math.ceil(words / wide) * line);
  if (needed > limit + line / 2) found.push({ box, cut: { way: "half", direct: true, sure }, elsewhere: page.restOf(box) });
}

return found.slice(0, 100).map(({ box, cut, elsewhere }) => ({
  element: cut ? page.target(box) : page.place(box),
  cut,
  elsewhere: elsewhere ?? "",
  text: page.text(box).slice(0, 80),
}));
