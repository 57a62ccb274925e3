// Lets axe measure the contrast of one style group of texts once. Texts of one group have the same tag, classes, colours,
// size, weight and shadow, and so has every element around them; two are measured, and where both pass the others pass as
// well. Where one does not, all others of its group are measured. What is painted behind a text without being around it
// (a picture under it, a fixed bar) is in no style of its own, so a text over such a thing is always measured itself.
(() => {
  if (globalThis.vierluikContrastGroups) return;
  const measured = 2, shortest = 2, stripe = 256, mostPainted = 20000, mostStripes = 4096;
  const painting = new Set(["img", "video", "canvas", "svg", "iframe", "object", "embed", "input", "select", "textarea", "button", "picture"]);
  const looks = ["color", "backgroundColor", "backgroundImage", "backgroundPosition", "backgroundSize", "opacity", "position",
    "zIndex", "filter", "mixBlendMode", "clipPath", "overflow", "visibility"];
  const letters = ["fontSize", "fontWeight", "textShadow", "webkitTextStrokeWidth", "webkitTextStrokeColor", "webkitTextFillColor",
    "textIndent", "backgroundClip", "display"];
  const around = (element) => element.assignedSlot || element.parentElement || (element.getRootNode().host ?? null);
  const isAround = (outer, inner) => {
    for (let one = inner; one; one = around(one)) if (one === outer) return true;
    return false;
  };
  function* everyElement(root) {
    for (const one of root.querySelectorAll("*")) {
      yield one;
      if (one.shadowRoot) yield* everyElement(one.shadowRoot);
    }
  }
  const isPainted = (element, style) =>
    painting.has(element.localName) || style.backgroundImage !== "none" || !/^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor);

  // Of one look at the page: the groups met so far, and where something is painted.
  class Groups {
    constructor() {
      this.numbers = new Map();
      this.chains = new Map();
      this.seen = new Map();
      this.stripes = null;
    }
    number(words) {
      if (!this.numbers.has(words)) this.numbers.set(words, this.numbers.size);
      return this.numbers.get(words);
    }
    chain(element) {
      const line = [];
      for (let one = element; one && !this.chains.has(one); one = around(one)) line.push(one);
      for (const one of line.reverse()) {
        const style = getComputedStyle(one);
        const own = [one.localName, one.getAttribute("class"), ...looks.map((name) => style[name])].join("|");
        this.chains.set(one, this.number(`${this.chains.get(around(one)) ?? ""}>${own}`));
      }
      return this.chains.get(element);
    }
    // Null where the text is one of a kind.
    of(element) {
      const text = element.textContent.trim();
      if (text.length < shortest || !this.paints() || this.isOverPainted(element)) return null;
      const style = getComputedStyle(element);
      return this.number([this.chain(element), ...letters.map((name) => style[name])].join("|"));
    }
    // Keeps where something is painted, by stripes of the page; false where that is too much to keep.
    paints() {
      if (this.stripes) return this.stripes.size > 0;
      this.stripes = new Map();
      let count = 0;
      for (const element of everyElement(document)) {
        if (!isPainted(element, getComputedStyle(element))) continue;
        const box = element.getBoundingClientRect();
        if (box.width < 2 || box.height < 2) continue;
        const [first, last] = this.stripesOf(box);
        if (++count > mostPainted || last - first > mostStripes) return this.stripes.clear(), false;
        for (let one = first; one <= last; one++) {
          if (!this.stripes.has(one)) this.stripes.set(one, []);
          this.stripes.get(one).push({ element, box });
        }
      }
      if (!this.stripes.size) this.stripes.set(0, []);
      return true;
    }
    stripesOf(box) {
      return [Math.floor(box.top / stripe), Math.floor(box.bottom / stripe)];
    }
    isOverPainted(element) {
      const box = element.getBoundingClientRect();
      const [first, last] = this.stripesOf(box);
      if (last - first > mostStripes) return true;
      for (let one = first; one <= last; one++)
        for (const painted of this.stripes.get(one) ?? []) {
          const { left, right, top, bottom } = painted.box;
          if (Math.min(right, box.right) - Math.max(left, box.left) < 1 || Math.min(bottom, box.bottom) - Math.max(top, box.top) < 1)
            continue;
          if (!isAround(painted.element, element) && !isAround(element, painted.element)) return true;
        }
      return false;
    }
  }

  let groups = null;
  globalThis.vierluikContrastGroups = {
    begin: () => void (groups = new Groups()),
    end: () => void (groups = null),
    // Puts itself before axe's own measuring.
    join: (check) => {
      const measure = check.evaluate;
      check.evaluate = function (element, ...others) {
        const group = groups && groups.of(element);
        if (group === null) return measure.call(this, element, ...others);
        const seen = groups.seen.get(group) ?? { passed: 0, allPass: true };
        groups.seen.set(group, seen);
        if (seen.allPass && seen.passed >= measured) return true;
        const passes = measure.call(this, element, ...others);
        seen.passed += passes === true;
        seen.allPass &&= passes === true;
        return passes;
      };
    },
  };
})();
