// Where the focus is, how it shows there, and what would take it away. The focus is moved by keys, from outside.
const page = new vierluik.Page();
const elements = [], seen = new Map(), facts = [];
const MANY_STOPS = "iframe, frame, object, embed, video, audio, input[type=date], input[type=time], input[type=datetime-local], " +
  "input[type=month], input[type=week]";
const HAS_CARET = "textarea, [contenteditable]:not([contenteditable=false]), input:not([type]), input[type=text], input[type=search], " +
  "input[type=email], input[type=tel], input[type=url], input[type=password], input[type=number], input[type=date], input[type=time]," +
  "input[type=datetime-local], input[type=month], input[type=week]";
const DIALOG = "dialog, [role=dialog], [role=alertdialog], [aria-modal=true]";
const HELP = /\b(help|hulp|how|hoe|keyboard|toetsenbord|leave|verlaat|verlaten|exit|escape|shortcuts?|sneltoetsen)\b/i;
const CLOSE = /\b(close|sluit(en)?|dismiss|cancel|annuleren|ok(é|ay)?|accept\w*|accepteer\w*|akkoord|weiger\w*|reject|decline|terug|back)\b|[×✕✖]/i;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// The element that has the focus, through open shadow roots and the frames of this origin; null: the page itself.
const active = () => {
  let element = document.activeElement;
  for (;;) {
    if (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    else {
      let inner = null;
      try { inner = element?.contentDocument?.activeElement; } catch { inner = null; }
      if (!inner || inner === inner.ownerDocument.body || inner === inner.ownerDocument.documentElement) break;
      element = inner;
    }
  }
  return !element || element === document.body || element === document.documentElement ? null : element;
};
const styleOf = (element) => {
  const style = element.ownerDocument.defaultView.getComputedStyle(element);
  return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.borderStyle, style.borderWidth,
    style.backgroundColor, style.color, style.textDecorationLine];
};
const SEE_THROUGH = /transparent|rgba\(.*, 0\)|\/ 0\)/;
const isOutlined = (focused, rest) =>
  focused[0] !== "none" && parseFloat(focused[1]) > 0 && (focused[0] === "auto" || !SEE_THROUGH.test(focused[2])) &&
  (rest[0] === "none" || focused.slice(0, 3).join() !== rest.slice(0, 3).join());
const fixed = (element) => {
  for (let up = element; up; up = up.parentElement) if (/fixed|sticky/.test(getComputedStyle(up).position)) return up;
  return null;
};
// The fixed element that lies over the whole of an element; null: some of it can be seen.
const coveredBy = (element) => {
  if (element.ownerDocument !== document || fixed(element)) return null;
  const box = element.getBoundingClientRect();
  const left = Math.max(box.left, 0), top = Math.max(box.top, 0), right = Math.min(box.right, innerWidth), bottom = Math.min(box.bottom, innerHeight);
  if (right - left < 4 || bottom - top < 4) return null;
  let cover = null;
  for (const [x, y] of [[0.5, 0.5], [0.02, 0.1], [0.98, 0.1], [0.02, 0.9], [0.98, 0.9]]) {
    const hit = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
    if (!hit || hit.contains(element) || element.contains(hit) || element.getRootNode() !== document) return null;
    const over = fixed(hit);
    if (!over || over.contains(element)) return null;
    cover = over;
  }
  return cover;
};
// It has the focus now, and still stands where no scrolling brings it into view, or is as good as see-through.
const isAway = (element) => {
  const box = element.getBoundingClientRect();
  return box.right <= 0 || box.bottom + scrollY <= 0 || (box.width <= 1 && box.height <= 1) ||
    box.left + scrollX >= Math.max(innerWidth, document.documentElement.scrollWidth) || !element.checkVisibility({ opacityProperty: true });
};
// What got the focus since the last step, and had lost it again when we looked.
let got = [];
addEventListener("focus", (event) => { if (event.target instanceof Element && got.length < 20) got.push(event.target); }, true);
const lostBy = () => got.find((one) => one.isConnected && one.tabIndex >= 0 && !one.contains(active())) ?? null;
let fresh = null;
let last = -1;
const rest = () => {
  if (last < 0) return;
  const fact = facts[last];
  if (fact.outlined === undefined && active() !== elements[last]) {
    const now = styleOf(elements[last]);
    fact.outlined = isOutlined(fact.style, now);
    fact.sameStyle = now.join() === fact.style.join();
  }
};
// A menu item of a class looks like its neighbours: one picture is enough for all.
const group = (element) => [element.localName, element.type || "", element.className?.baseVal ?? element.className, element.parentElement?.className ?? "",
  facts[seen.get(element)].style.join()].join("|");
const isTabbable = (element) => element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]") &&
  element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 0 && element.type !== "radio";

return {
  start: () => {
    document.activeElement?.blur();
    // Tab goes on from where the focus was last, also when it is nowhere now: begin at the top, whatever was done before.
    const body = document.body, before = body?.getAttribute("tabindex");
    body?.setAttribute("tabindex", "-1");
    body?.focus({ preventScroll: true });
    body?.blur();
    if (before === null) body.removeAttribute("tabindex"); else body?.setAttribute("tabindex", before);
    return {
      hasScripts: document.scripts.length > 0 || document.querySelector("[onfocus], [onblur], [onkeydown], [onfocusout], [onfocusin]") !== null,
      tabbable: page.all("a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]").filter(isTabbable).length,
    };
  },
  // Where the focus has come to rest.
  step: async (ms) => {
    if (ms) await wait(ms);
    const element = active();
    rest();
    const lost = element ? null : lostBy();
    got = [];
    if (lost) {
      if (!seen.has(lost)) {
        seen.set(lost, elements.length);
        elements.push(lost);
        facts.push({ style: styleOf(lost), outlined: true, sameStyle: true, cover: null, away: true });
      }
      return { stop: -1, lost: seen.get(lost) };
    }
    if (!element) return { stop: -1 };
    if (!seen.has(element)) {
      seen.set(element, elements.length);
      elements.push(element);
      facts.push({ style: styleOf(element), cover: coveredBy(element), away: isAway(element) });
    }
    last = seen.get(element);
    return { stop: last, many: element.matches(MANY_STOPS) || (element.localName.includes("-") && !element.shadowRoot), caret: element.matches(HAS_CARET) };
  },
  now: async (ms) => {
    await wait(ms);
    const element = active();
    return element ? (seen.has(element) ? seen.get(element) : -2) : -1;
  },
  focus: (stop) => elements[stop].focus({ preventScroll: false }),
  // --- a trap ---
  dialog: (members) => {
    const dialog = elements[members[0]].closest(DIALOG);
    return dialog !== null && members.every((one) => dialog.contains(elements[one]));
  },
  released: (members) => {
    const element = active();
    return !members.some((one) => elements[one].checkVisibility({ visibilityProperty: true })) || (element !== null && !members.some((one) => elements[one] === element) &&
      !elements[members[0]].closest(DIALOG)?.contains(element));
  },
  text: () => document.body.innerText.slice(0, 50000),
  // What in the trap may explain or end it: stops whose name speaks of help, and those that close.
  ways: (members) => ({
    help: members.filter((one) => HELP.test(elements[one].innerText || elements[one].getAttribute("aria-label") || "")),
    close: members.filter((one) => CLOSE.test((elements[one].innerText || "") + " " + (elements[one].getAttribute("aria-label") || "") + " " + (elements[one].value || ""))),
  }),
  // --- how the focus shows ---
  unsure: () => {
    rest();
    const groups = new Map();
    facts.forEach((fact, stop) => {
      const element = elements[stop];
      if ((fact.outlined && !fact.away) || element.localName === "area" || !element.isConnected || element.ownerDocument !== document || element.matches(MANY_STOPS + ", " + HAS_CARET)) return;
      const key = group(element);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(stop);
    });
    return [...groups.values()];
  },
  show: async (stop) => {
    for (const animation of document.getAnimations()) try { animation.finish(); } catch { animation.cancel(); }
    elements[stop].scrollIntoView({ block: "center", behavior: "instant" });
    elements[stop].focus();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await wait(60);
    for (const animation of document.getAnimations()) try { animation.finish(); } catch { animation.cancel(); }
    const box = elements[stop].getBoundingClientRect();
    return { held: active() === elements[stop], matches: elements[stop].matches(":focus-visible"), x: box.left, y: box.top, width: box.width, height: box.height, viewWidth: innerWidth, viewHeight: innerHeight };
  },
  hide: async (stop) => {
    elements[stop].blur();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await wait(60);
    for (const animation of document.getAnimations()) try { animation.finish(); } catch { animation.cancel(); }
    return active() === null;
  },
  // The page is as it was before anybody touched it: an element as it looks before it ever had the focus, and with it.
  before: async (selector) => {
    fresh = selector.split(" >>> ").reduce((root, part) => root && (root.shadowRoot ?? root).querySelector(part), document);
    if (!fresh) return false;
    fresh.scrollIntoView({ block: "center", behavior: "instant" });
    for (const animation of document.getAnimations()) try { animation.finish(); } catch { animation.cancel(); }
    await wait(60);
    return active() !== fresh;
  },
  after: async () => {
    fresh.focus({ preventScroll: true });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await wait(60);
    for (const animation of document.getAnimations()) try { animation.finish(); } catch { animation.cancel(); }
    return active() === fresh;
  },
  // --- the skip link ---
  skipLink: () => {
    for (const stop of elements.keys()) {
      const element = elements[stop];
      if (stop > 4 || element.localName !== "a") continue;
      const href = element.getAttribute("href") || "";
      if (/^#./.test(href) && /\b(skip|jump|spring|ga (direct )?naar|direct naar|naar (de )?(hoofd)?inhoud|main content|overslaan|sla .* over)\b/i.test(page.text(element))) return { stop, target: href.slice(1) };
    }
    return null;
  },
  arrived: (target) => {
    let name = target;
    try { name = decodeURIComponent(target); } catch { name = target; }
    const goal = document.getElementById(name) || document.getElementsByName(name)[0];
    const element = active();
    if (!goal) return "missing";
    if (!element) return goal.getClientRects().length ? "unsure" : "hidden";
    return element === goal || goal.contains(element) || goal.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING ? "arrived" : "not-arrived";
  },
  // --- everything together ---
  order: () => {
    const odd = [];
    for (let stop = 1; stop < elements.length && odd.length < 3; stop++) {
      const before = elements[stop - 1], here = elements[stop];
      const container = here.parentElement?.parentElement?.contains(before) ? (here.parentElement.contains(before) ? here.parentElement : here.parentElement.parentElement) : null;
      if (!container || !/flex|grid/.test(getComputedStyle(container).display) || before.contains(here) || here.contains(before)) continue;
      const child = (element) => { let up = element; while (up.parentElement !== container) up = up.parentElement; return up; };
      if (child(before) === child(here)) continue;
      const a = child(before).getBoundingClientRect(), b = child(here).getBoundingClientRect();
      const isAbove = b.bottom <= a.top + 1, isLeft = b.right <= a.left + 1 && Math.abs(b.top - a.top) < Math.min(a.height, b.height);
      if (isAbove && b.right > a.left - 1 && b.left < a.right + 1) odd.push([stop - 1, stop]);
      else if (isLeft && getComputedStyle(container).direction === "ltr") odd.push([stop - 1, stop]);
    }
    return odd;
  },
  report: (stops) => {
    try {
      const wanted = {};
      for (const stop of stops) {
        const element = elements[stop];
        if (!element?.isConnected) continue;
        const frames = [];
        for (let view = element.ownerDocument.defaultView; view && view !== window && view.frameElement; view = view.parent) frames.unshift(view.frameElement);
        const ancestry = (one) => { const path = page.axe.utils.getAncestry(one); return Array.isArray(path) ? path.join(" >>> ") : path; };
        wanted[stop] = { frames: frames.map(ancestry), element: frames.length ? { selector: element.localName, path: element.localName, html: element.outerHTML.slice(0, 500) } : page.target(element),
          text: (page.text(element) || element.getAttribute("aria-label") || "").slice(0, 80) };
      }
      return wanted;
    } finally {
      if (globalThis.axe && axe._tree) axe.teardown();
    }
  },
  covers: () => facts.flatMap((fact, stop) => (fact.cover ? [stop] : [])),
};
