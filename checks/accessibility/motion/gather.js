// What keeps moving or changing by itself, as far as style sheets, markup and the page's own scripts tell.
const longEnough = 5000; // milliseconds, SC 2.2.2
const found = [];
const seen = new Set();
const isLarge = (one) => {
  const box = one.getBoundingClientRect();
  return box.width >= 32 && box.height >= 12 && box.width * box.height >= 1500;
};
const add = (one, kind, detail) => {
  if (found.length >= 20 || seen.has(one) || !page.onScreen(one) || !isLarge(one)) return;
  seen.add(one);
  found.push({ element: page.target(one), kind, detail: String(detail).slice(0, 120), text: page.text(one).slice(0, 80),
    busy: Boolean(one.closest("[role=progressbar], [role=status], [aria-busy=true]")), name: `${one.id} ${one.getAttribute("class") || ""}`.slice(0, 120) });
};

const moves = ["transform", "translate", "rotate", "scale", "left", "right", "top", "bottom", "margin", "opacity", "visibility",
  "backgroundPosition", "textIndent", "color", "backgroundColor", "offsetDistance"];
for (const animation of document.getAnimations().slice(0, 300)) {
  const target = animation.effect && animation.effect.target;
  if (!target || animation.effect.pseudoElement || animation.playState !== "running") continue;
  const timing = animation.effect.getComputedTiming();
  if (!(timing.endTime > longEnough) || timing.duration < 50) continue;
  const frames = animation.effect.getKeyframes();
  if (frames.some((frame) => moves.some((name) => Object.keys(frame).some((key) => key.startsWith(name)))) &&
    (page.text(target) || target.matches("img, svg, picture, video") || target.querySelector("img, svg"))) add(target, "animation", animation.animationName || "");
}
for (const one of page.all("img[src]").slice(0, 500))
  if (/\.gif([?#]|$)/i.test(one.currentSrc) && one.complete && one.naturalWidth > 40 && one.naturalHeight > 40) add(one, "gif", one.currentSrc.split("/").pop());

const carousels = "[data-ride=carousel], [data-bs-ride=carousel], [data-autoplay=true], [data-autoplay='1'], [data-swiper-autoplay], [data-slick*='\"autoplay\":true']";
for (const one of page.all(carousels).slice(0, 20)) add(one, "carousel", "");

// A script in the page that writes or blinks, again and again, in an element that is there.
for (const script of [...document.scripts].slice(0, 200)) {
  const source = script.text.slice(0, 20000);
  if (script.src || !/\bsetInterval\s*\(|\bsetTimeout\s*\(|requestAnimationFrame\s*\(/.test(source)) continue;
  const places = [...source.matchAll(/getElementById\(\s*["'`]([^"'`]+)|querySelector\(\s*["'`]([^"'`]+)|\$\(\s*["'`]([^"'`]+)/g)].slice(0, 20);
  for (const [, id, first, jquery] of places) {
    let one = null;
    try {
      one = id ? document.getElementById(id) : document.querySelector(first || jquery);
    } catch {
      continue;
    }
    if (one && page.onScreen(one) && !one.matches("input, select, textarea, button, script") && (page.text(one) || one.firstElementChild) && !seen.has(one)) {
      seen.add(one);
      if (found.length < 20) found.push({ element: page.target(one), kind: "script", detail: source, text: page.text(one).slice(0, 80), busy: false, name: "" });
    }
  }
}
const controls = found.length ? page.all("button, input[type=button], [role=button], [role=switch], a[href], input[type=checkbox]").slice(0, 400)
  .filter((one) => page.visible(one)).slice(0, 150).map((one) => page.name(one).slice(0, 60)).filter(Boolean) : [];
return { found, controls };
