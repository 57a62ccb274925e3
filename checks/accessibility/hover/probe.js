// What style sheets or scripts show while the mouse is over something, and whether the keyboard shows it too.
const page = new vierluik.Page();
const SHOWS = (style) => ["display", "visibility", "opacity", "maxHeight", "height", "transform", "clipPath"].some((name) => {
  const value = style[name];
  if (!value) return false;
  return name === "display" ? value !== "none" : name === "visibility" ? value === "visible" : name === "opacity" ? parseFloat(value) > 0.5
    : /Height|height/.test(name) ? parseFloat(value) > 10 || value === "auto" || value === "none" : name === "transform" ? /none|scale\(1|scaleY\(1|translate[XY]?\(0/.test(value) : false;
});
const rules = [];
const walk = (list, depth) => {
  for (const rule of list) {
    if (rules.length > 4000) return;
    if (rule.selectorText) rules.push(rule);
    else if (rule.cssRules && depth < 3 && (!rule.media || matchMedia(rule.media.mediaText).matches)) walk(rule.cssRules, depth + 1);
  }
};
for (const sheet of document.styleSheets) try { walk(sheet.cssRules, 0); } catch { continue; }
const candidates = [];
for (const rule of rules) {
  if (candidates.length >= 6 || !rule.selectorText.includes(":hover") || !SHOWS(rule.style)) continue;
  for (const part of rule.selectorText.split(",")) {
    const match = part.trim().match(/^(.*?):hover(.*)$/);
    if (!match || !match[2].trim() || /:hover/.test(match[2])) continue; // what changes must be another element than what is pointed at
    let triggers = [];
    try { triggers = [...document.querySelectorAll(match[1] || "*")].slice(0, 60); } catch { continue; }
    const shown = (trigger) => {
      try {
        if (/^\s*[+~]/.test(match[2])) return [...trigger.parentElement.querySelectorAll(":scope > *")].find((one) => one.matches(`${match[1]}${match[2]}`));
        return trigger.querySelector(`:scope${match[2]}`);
      } catch { return null; }
    };
    const trigger = triggers.find((one) => page.visible(one) && shown(one) && !page.visible(shown(one)) && shown(one).textContent.trim() !== "");
    if (trigger && !candidates.some((one) => one.trigger === trigger)) candidates.push({ trigger, content: shown(trigger) });
  }
}
const finish = (make) => { try { return make(); } finally { if (globalThis.axe && axe._tree) axe.teardown(); } };
const rest = () => new Promise((done) => setTimeout(done, 350));
return {
  list: () => finish(() => candidates.slice(0, 3).map(({ trigger, content }, number) => ({ number, element: page.target(trigger), text: (page.text(trigger) || content.textContent.trim()).slice(0, 60) }))),
  point: (number) => {
    const { trigger } = candidates[number];
    trigger.scrollIntoView({ block: "center", behavior: "instant" });
    const box = trigger.getBoundingClientRect();
    return { x: box.left + Math.min(box.width / 2, 40), y: box.top + box.height / 2 };
  },
  shown: async (number) => {
    await rest();
    const { content } = candidates[number];
    const box = content.getBoundingClientRect();
    return page.visible(content) ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : null;
  },
  // Whether giving the focus to it, or to something in it, shows the same.
  byFocus: async (number) => {
    const { trigger, content } = candidates[number];
    const stops = [trigger, ...trigger.querySelectorAll("a[href], button, input, [tabindex]")].filter((one) => one.tabIndex >= 0 && page.visible(one));
    for (const stop of stops.slice(0, 3)) {
      stop.focus();
      await rest();
      if (page.visible(content)) return true;
    }
    return false;
  },
  // A button beside it that opens the same.
  hasButton: (number) => {
    const { trigger, content } = candidates[number];
    const inside = content.querySelector("a[href], button") !== null;
    return trigger.querySelector("button, [aria-expanded], [aria-haspopup]") !== null || trigger.matches("[aria-expanded], [aria-haspopup]") ||
      (!inside && Boolean(trigger.getAttribute("aria-label") || trigger.title)) || trigger.previousElementSibling?.matches("[aria-expanded]") || false;
  },
};
