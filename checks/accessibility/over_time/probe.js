// What changes while nobody does anything, and what on the page may stop it.
const page = new vierluik.Page();
const STOPS = /\b(stop\w*|paus\w*|pauz\w*|halt|freeze|hide|verberg\w*|turn off|switch off|disable|uitzetten|zet uit|bevries|frequency|speed|slower|snelheid|langzamer)\b/i;
const started = performance.now();
const now = () => (performance.now() - started) / 1000;
const texts = new Map(), moves = new Map();
const note = (map, element) => {
  if (!element || element.nodeType !== 1 || map.size > 300) return;
  if (!map.has(element)) map.set(element, []);
  const times = map.get(element);
  // What one script does in one go is one change.
  if (times.length < 200 && (!times.length || now() - times[times.length - 1] > 0.02)) times.push(now());
};
// Text that comes and goes: how often what holds it was shown and hidden again.
const shown = new WeakMap(), blinks = new Map();
const blink = (element) => {
  if (element === document.body || element === document.documentElement || element.getElementsByTagName("*").length > 50 || !element.textContent.trim()) return;
  const style = getComputedStyle(element), now = style.display !== "none" && style.visibility === "visible" && Number(style.opacity) > 0.1;
  if (shown.has(element) && shown.get(element) !== now) note(blinks, element);
  shown.set(element, now);
};
const known = new Map();
const observer = new MutationObserver((records) => {
  for (const { type, target, addedNodes, removedNodes } of records) {
    const element = target.nodeType === 1 ? target : target.parentElement;
    if (!element || element.closest("script, style, head, textarea, select")) continue;
    if (type === "attributes") {
      note(moves, element);
      blink(element);
    }
    else if (type === "characterData" || [...addedNodes, ...removedNodes].some((one) => one.textContent?.trim())) {
      const text = element.textContent.replace(/\s+/g, " ").trim();
      if (known.get(element) === text) continue;
      known.set(element, text);
      note(texts, element);
    }
  }
});
for (const root of page.roots) observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["class", "style", "src", "hidden"] });
const nameOf = (element) => [element.innerText, element.value, element.getAttribute("aria-label"), element.title, ...[...(element.labels || [])].map((label) => label.innerText)].filter(Boolean).join(" ");
const controls = () => page.all("button, input[type=button], input[type=checkbox], input[type=submit], [role=button], [role=switch], a[href^='#']").filter((one) => page.visible(one) && STOPS.test(nameOf(one)) && !(one.form && one.form.method === "post")).slice(0, 4);
// A message that stays for some seconds changes only twice while one looks.
const isSlow = (times, end) => times.length === 2 && times[1] - times[0] > 2.2 && times[1] > end - 4.5;
const goesOn = (times, end) => times.length >= 3 && times[times.length - 1] - times[0] > Math.min(5, end) - 1.8 && times[times.length - 1] > end - 2.2;
const isOnly = (element) => (document.body.innerText || "").trim() === (element.innerText || "").trim();
const RUNNING = /timer|progressbar|marquee/;
const runningAnimations = () => document.getAnimations().filter((one) => one.playState === "running" && one.effect?.target && one.effect.getComputedTiming().iterations === Infinity);
const isMoving = (animation) => {
  const element = animation.effect.target, box = element.getBoundingClientRect();
  if (!page.visible(element) || animation.effect.pseudoElement || box.bottom < 0 || element.closest("[aria-busy=true], [role=progressbar], [class*=spin], [class*=load]")) return false;
  const moved = animation.effect.getKeyframes().some((frame) => ["transform", "translate", "left", "right", "top", "marginLeft", "backgroundPosition", "opacity", "visibility", "scale", "rotate"].some((name) => name in frame));
  return moved && (box.width * box.height > 2500 || page.text(element) !== "");
};
// Shown and hidden at least twice: a banner of several messages takes its time.
const isBlinking = (element) => blinks.get(element)?.length >= 4;
let changing = [];

return {
  // Nothing here could change by itself.
  isStill: () => document.scripts.length === 0 && !document.querySelector("marquee, animate, animateTransform, iframe, [onload]") && document.getAnimations().length === 0,
  look: () => {
    try {
      const end = now();
      for (const [element, times] of blinks) if (isBlinking(element) && !texts.has(element)) texts.set(element, times);
      changing = [...texts].filter(([element, times]) => element.isConnected && (page.visible(element) || isBlinking(element)) && (goesOn(times, end) || isSlow(times, end)) && !isOnly(element))
        .map(([element]) => element);
      changing = changing.filter((element) => !changing.some((other) => other !== element && element.contains(other))).slice(0, 10);
      const moving = [...moves].filter(([element, times]) => {
        if (!element.isConnected || !page.visible(element) || !goesOn(times, end) || element === document.body || element === document.documentElement) return false;
        const box = element.getBoundingClientRect();
        return box.width * box.height > innerWidth * innerHeight * 0.04;
      }).map(([element]) => element);
      const animated = runningAnimations().filter(isMoving).map((one) => one.effect.target);
      const flashing = runningAnimations().filter((one) => {
        const { duration } = one.effect.getComputedTiming(), box = one.effect.target.getBoundingClientRect();
        return duration <= 333 && box.width * box.height > 20000 && one.effect.getKeyframes().some((frame) => "opacity" in frame || "backgroundColor" in frame || "visibility" in frame || "filter" in frame);
      }).map((one) => one.effect.target);
      const times = (element) => texts.get(element).length;
      return {
        seconds: Math.round(end),
        texts: changing.map((element) => ({ element: page.target(element), text: page.text(element).slice(0, 60), times: times(element), slow: isSlow(texts.get(element), end),
          timed: element.closest("[role=timer], [role=progressbar], [role=marquee], time, progress, video, [class*=player], [class*=vjs]") !== null })),
        moving: [...new Set([...moving, ...animated])].filter((one) => !changing.some((text) => one.contains(text))).slice(0, 3).map((one) => page.target(one)),
        flashing: [...new Set(flashing)].slice(0, 3).map((one) => page.target(one)),
        marquees: page.all("marquee").filter((one) => page.visible(one) && one.innerText.trim()).slice(0, 5).map((one) => page.target(one)),
        controls: controls().length,
      };
    } finally { if (globalThis.axe && axe._tree) axe.teardown(); }
  },
  stop: (number) => { const found = controls(); if (found[number]) found[number].click(); return Boolean(found[number]); },
  // Of each changing text whether it has come to rest, or out of sight.
  rested: async (ms) => {
    const before = changing.map((element) => texts.get(element).length);
    await new Promise((done) => setTimeout(done, ms));
    return changing.map((element, number) => !element.isConnected || (!page.visible(element) && !isBlinking(element)) || texts.get(element).length === before[number]);
  },
};
