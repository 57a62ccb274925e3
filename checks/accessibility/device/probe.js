// What a movement of the device does to the page, and which of its controls does the same, or stops it.
const page = new vierluik.Page();
const CONTROLS = "button, input:not([type=hidden]), select, summary, [role=button], [role=switch], [role=checkbox], [role=slider], a[href^='#']";
const mostElements = 4000, MOMENT_MS = 50;
let looks = 0, moved = new Set(), before = new Map();
const used = new Set();
const observer = new MutationObserver((records) => (looks += records.length));
for (const root of page.roots) observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["style", "class", "transform", "src"] });
const pause = () => new Promise((done) => setTimeout(done, MOMENT_MS));

// What every element says itself, and every field holds.
const state = () => {
  const texts = new Map();
  for (const one of [...document.querySelectorAll("body, body *")].slice(0, mostElements)) {
    if (one.matches("input, select, textarea, progress, meter")) texts.set(one, `${one.value} ${one.checked}`);
    else if (!one.matches("script, style, noscript")) texts.set(one, [...one.childNodes].map((node) => (node.nodeType === 3 ? node.data.trim() : "")).join(" "));
  }
  return texts;
};
const changed = () => [...state()].filter(([one, text]) => (before.get(one) ?? "").trim() !== text.trim()).map(([one]) => one);
const send = (way) => {
  const turn = { alpha: Math.abs(way), beta: way, gamma: way }, push = { x: way / 2, y: way / 2, z: way / 2 };
  for (const type of ["deviceorientation", "deviceorientationabsolute"]) dispatchEvent(new DeviceOrientationEvent(type, turn));
  dispatchEvent(new DeviceMotionEvent("devicemotion", { acceleration: push, accelerationIncludingGravity: push, rotationRate: turn, interval: 16 }));
};
// What says something else while the device is shaken to and fro; or while it is left alone.
const shake = async (sends) => {
  const found = new Set();
  for (const way of [60, -60, 60, -60]) {
    before = state();
    if (sends) send(way);
    await pause();
    for (const one of changed()) found.add(one);
  }
  return found;
};
const nameOf = (one) => (one.innerText || one.value || one.getAttribute("aria-label") || [...(one.labels || [])].map((label) => label.innerText).join(" ") || one.title || "").trim().slice(0, 80);

return {
  page: () => { try { return page.target(document.body); } finally { if (globalThis.axe && axe._tree) axe.teardown(); } },
  // "text": other words or values. "look": only how it looks. "restless": it changes by itself. "unknown": it cannot be shaken.
  moves: async () => {
    if (!globalThis.DeviceMotionEvent || !globalThis.DeviceOrientationEvent) return "unknown";
    looks = 0;
    if ((await shake(false)).size || looks) return "restless";
    moved = await shake(true);
    return moved.size ? "text" : looks ? "look" : "";
  },
  names: () => page.all(`${CONTROLS}, a[href]`).slice(0, 300).map(nameOf).filter(Boolean),
  // The focus on the next control that was not tried yet, and the key that works it.
  next: () => {
    const one = [...document.querySelectorAll(CONTROLS)].find((control) => !used.has(control) && !control.disabled && page.visible(control));
    if (!one) return null;
    used.add(one);
    one.focus();
    before = state();
    const key = one.matches("[type=range], [role=slider]") ? "ArrowRight" : one.matches("select") ? "ArrowDown" : one.matches("[type=checkbox], [type=radio], [role=checkbox], [role=switch]") ? "Space" : "Enter";
    return { name: nameOf(one), key };
  },
  // The control changed what moving the device changes.
  answered: async () => { await pause(); return changed().some((one) => moved.has(one)); },
  isStill: async () => [...(await shake(true))].every((one) => !moved.has(one)),
};
