// What listens to the mouse and cannot be reached, or worked, with the keyboard.
const page = new vierluik.Page();
const NATIVE = "a[href], area[href], button, input, select, textarea, summary, label, option, iframe, video, audio, details, [contenteditable]:not([contenteditable=false])";
const COMPOSITE = "[role=listbox], [role=menu], [role=menubar], [role=tree], [role=treegrid], [role=grid], [role=tablist], [role=radiogroup], [role=combobox], " +
  "[role=toolbar], [role=slider], [role=application], canvas, svg, dialog, [role=dialog]";
const CLICKS = ["click", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend"];
const types = new Map(vierluikListeners.filter(([node]) => node.nodeType === 1));
const focusable = (element) => element.tabIndex >= 0 && !element.disabled;
const has = (element, ...wanted) => wanted.some((type) => types.get(element)?.includes(type));
const reachable = (element) => focusable(element) || element.matches(NATIVE);
const inReach = (element) => {
  for (let up = element.parentElement; up; up = up.parentElement) if (up !== document.body && (up.matches(NATIVE) || up.tabIndex >= 0)) return true;
  return false;
};
const textOf = (element) => (page.text(element) || element.getAttribute("aria-label") || element.title || element.alt || element.querySelector("img[alt]")?.alt || "").slice(0, 80);
const elsewhere = (element) => {
  const text = textOf(element).toLowerCase();
  return text !== "" && page.once("words of controls", () => new Set(page.all("a[href], button, [tabindex='0'], summary, input[type=submit], input[type=button]")
    .filter((one) => one.tabIndex >= 0 && page.visible(one)).map((one) => (textOf(one) || one.value || "").toLowerCase()))).has(text);
};
const candidates = [];
for (const element of types.keys()) {
  if (candidates.length >= 400) break;
  if (!has(element, ...CLICKS) || element === document.body || element === document.documentElement || element.closest("[inert]")) continue;
  if (element.matches(NATIVE) || element.localName.includes("-") || element.parentElement?.closest(COMPOSITE) || element.matches(COMPOSITE)) continue;
  if (inReach(element) || [...element.querySelectorAll("*")].slice(0, 60).some(reachable) || element.getElementsByTagName("*").length > 60) continue;
  if (!page.visible(element) || !page.exposed(element)) continue;
  const box = element.getBoundingClientRect();
  if (box.width * box.height > innerWidth * innerHeight * 0.5) continue;
  const text = textOf(element);
  if (!text && !element.matches("[role]") && !element.querySelector("img, svg, i, span") && !element.matches("img")) continue;
  if (!focusable(element) && elsewhere(element)) continue;
  candidates.push(element);
}
const groups = new Map();
for (const element of candidates) {
  const key = [element.localName, typeof element.className === "string" ? element.className : "", element.parentElement?.className, focusable(element)].join("|");
  if (!groups.has(key)) groups.set(key, []);
  groups.get(key).push(element);
}
const chosen = [...groups.values()];
let changes = 0;
const SHOWN = ["class", "style", "hidden", "open", "src", "checked", "aria-expanded", "aria-checked", "aria-pressed", "aria-selected"];
const observer = new MutationObserver((records) => {
  for (const { type, target } of records) if (type !== "attributes" || (target !== document.documentElement && target !== document.body)) changes++;
});
for (const root of page.roots) observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: SHOWN });

return {
  groups: () => {
    try {
      return chosen.slice(0, 8).map((group, number) => ({ number, focusable: focusable(group[0]), role: page.role(group[0]), text: textOf(group[0]),
        onlyDown: !has(group[0], "click", "mouseup", "pointerup", "touchend") && has(group[0], "mousedown", "pointerdown", "touchstart"),
        elements: group.slice(0, 10).map((one) => page.target(one)) }));
    } finally { if (globalThis.axe && axe._tree) axe.teardown(); }
  },
  drags: () => {
    try {
      const found = page.all("[draggable=true]").filter((one) => page.visible(one) && !one.matches("a, img"));
      return found.slice(0, 1).map((one) => page.target(one));
    } finally { if (globalThis.axe && axe._tree) axe.teardown(); }
  },
  // What follows a finger: a map, a row of pictures that is swiped, a sheet to draw on; with the controls in and around it.
  gestures: () => {
    try {
      const MAPS = ".leaflet-container, .ol-viewport, .mapboxgl-map, .maplibregl-map, .gm-style, .esri-view";
      const CONTROL = "button, [role=button], a[href], input, select, [tabindex='0'][aria-label]";
      // A chart that shows numbers under the finger listens to movement too, but not to a press that begins a line.
      const draws = (element) => has(element, "pointerdown", "mousedown") && !has(element, "click") &&
        (has(element, "pointermove", "mousemove") || page.style(element).touchAction === "none") ||
        has(element, "touchstart") && has(element, "touchmove") && has(element, "touchend");
      const follows = (element) => element.localName === "canvas" ? draws(element) : has(element, "touchmove", "gesturechange") ||
        has(element, "pointerdown") && has(element, "pointermove") || has(element, "touchstart") && has(element, "touchend");
      const scrolls = (element) => /auto|scroll/.test(page.style(element).overflowX) && element.scrollWidth > element.clientWidth + 10;
      // A row of parts of one kind, of which some are cut off at the side.
      const row = (element) => [element, ...element.children, ...(element.firstElementChild?.children || [])].slice(0, 12)
        .find((one) => one.children.length > 1 && one.children.length < 60 && [...one.children].every((part) => part.localName === one.children[0].localName) &&
          [...one.children].some((part) => { const box = part.getBoundingClientRect(), edge = element.getBoundingClientRect();
            return box.width > 80 && box.height > 40 && (box.left >= edge.right - 4 || box.right <= edge.left + 4); }));
      const kind = (element) => element.matches(MAPS) ? "map" : element.localName === "canvas" ? "canvas" : row(element) && !scrolls(element) ? "row" : null;
      const found = new Map();
      for (const element of [...page.all(MAPS), ...types.keys()].slice(0, 2000)) {
        if (found.size >= 8) break;
        if (element === document.body || element === document.documentElement || found.has(element)) continue;
        if (!element.matches(MAPS) && !follows(element) || element.matches("a, button, input, [role=slider]") || element.closest("[inert]")) continue;
        const box = element.getBoundingClientRect();
        if (box.width < 120 || box.height < 60 || !page.visible(element)) continue;
        if ([...found.keys()].some((one) => one.contains(element) || element.contains(one))) continue;
        const what = kind(element);
        if (what) found.set(element, what);
      }
      return [...found].map(([element, what]) => {
        const whole = element.closest(MAPS + ", [aria-roledescription=carousel], [aria-roledescription=carrousel]") || element;
        const region = what === "map" ? [whole, whole.parentElement] : [whole, whole.parentElement, whole.parentElement?.parentElement];
        const near = region.filter((one) => one && one !== document.body && !one.matches("main, body, html"));
        const parts = what === "row" ? [...row(element).children] : [];
        const controls = [...new Set(near.flatMap((one) => [...one.querySelectorAll(CONTROL)].slice(0, 60)))]
          .filter((one) => page.visible(one) && !parts.some((part) => part.contains(one)));
        return { kind: what, element: page.target(element),
          controls: controls.slice(0, 30).map((one) => [page.name(one), one.className, one.id, one.title].filter((text) => typeof text === "string").join(" ").slice(0, 120)) };
      });
    } finally { if (globalThis.axe && axe._tree) axe.teardown(); }
  },
  point: (number) => {
    const element = chosen[number][0];
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const hit = element.getRootNode().elementFromPoint(x, y);
    return hit && (element === hit || element.contains(hit)) ? { x, y } : null;
  },
  begin: (number) => {
    document.activeElement?.blur();
    if (number !== undefined) chosen[number][0].focus();
    observer.takeRecords(); changes = 0;
    return true;
  },
  changed: async (ms) => { await new Promise((done) => setTimeout(done, ms)); return changes > 0; },
};
