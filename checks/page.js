// What every gatherer of our own checks shares: one look at a document in its isolated world, each thing computed once.
//
// A topic's gather.js is the body of a function (page) => facts; facts are plain JSON. It changes nothing in the document.
const wake = (gatherers) => {
  const longestSnippet = 2000, mostElements = 60000;
  const own = Element.prototype;
  const saysMore = new RegExp(
    "\\b(meer|verder|alles|volledige?|hele|toon|uitklap\\w*|openklap\\w*|more|all|full|whole|continue|show|expand|details?)\\b|[…»›→]$", "i");

  class Page {
    constructor() {
      this.memory = new Map();
      this.styles = new Map();
      this.texts = new Map();
    }

    // Computed once for this look, whoever asks: page.once("headings", () => …).
    once(name, make) {
      if (!this.memory.has(name)) this.memory.set(name, make());
      return this.memory.get(name);
    }

    // The document and every open shadow root in it.
    get roots() {
      return this.once("roots", () => {
        const roots = [document];
        for (let i = 0; i < roots.length; i++)
          for (const element of roots[i].querySelectorAll("*")) {
            if (element.shadowRoot) roots.push(element.shadowRoot);
          }
        return roots;
      });
    }

    // Every element, in document order per root; at most 60,000.
    get elements() {
      return this.once("elements", () => {
        const all = [];
        for (const root of this.roots)
          for (const element of root.querySelectorAll("*")) {
            if (all.length >= mostElements) return all;
            all.push(element);
          }
        return all;
      });
    }

    // The elements that a selector matches, in every root.
    all(selector) {
      return this.once("all " + selector, () => this.roots.flatMap((root) => [...root.querySelectorAll(selector)]));
    }

    style(element) {
      let style = this.styles.get(element);
      if (!style) this.styles.set(element, (style = getComputedStyle(element)));
      return style;
    }

    // Somebody can see it: rendered, not visibility: hidden, not wholly transparent, and with a box.
    visible(element) {
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.height > 0;
    }

    // Hidden from everyone, or only from those who see: what assistive technology is told of.
    exposed(element) {
      if (!element.isConnected || !element.checkVisibility({ visibilityProperty: true })) return false;
      for (let up = element; up; up = up.parentElement || (up.getRootNode().host ?? null))
        if (up.getAttribute("aria-hidden") === "true" || up.inert) return false;
      return true;
    }

    // Place in the document, in CSS pixels.
    box(element) {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: Math.round(left + scrollX), y: Math.round(top + scrollY), width: Math.round(width), height: Math.round(height) };
    }

    get axe() {
      return this.once("axe", () => {
        if (!globalThis.axe) globalThis.wakeAxe();
        if (!axe._tree) axe.setup(document.documentElement);
        return axe;
      });
    }

    virtual(element) {
      this.axe;
      return axe.utils.getNodeFromTree(element);
    }

    // The accessible name (accname 1.2, as axe computes it), white space collapsed.
    name(element) {
      const node = this.virtual(element);
      return node ? axe.commons.text.accessibleTextVirtual(node).replace(/\s+/g, " ").trim() : "";
    }

    // The explicit or implicit ARIA role; null where there is none.
    role(element) {
      const node = this.virtual(element);
      return node ? axe.commons.aria.getRole(node) : null;
    }

    // The text that is rendered in an element, white space collapsed, at most 2,000 characters.
    text(element) {
      if (!this.texts.has(element))
        this.texts.set(element, (element.innerText ?? element.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, 2000));
      return this.texts.get(element);
    }

    // The element's ancestors as a CSS path, in the form in which axe gives it.
    path(element) {
      if (!globalThis.axe) globalThis.wakeAxe();
      return [].concat(axe.utils.getAncestry(element)).join(" >>> ");
    }

    // A CSS selector that finds the element; " >>> " goes into a shadow root.
    selector(element) {
      const root = element.getRootNode();
      const inside = root instanceof ShadowRoot ? this.selector(root.host) + " >>> " : "";
      const unique = (selector) => root.querySelectorAll(selector).length === 1;
      const parts = [];
      for (let up = element; up; up = up.parentElement) {
        // A form's own field may be called id or children, and is then what form.id and form.children give.
        const id = up.getAttribute("id");
        if (id && unique("#" + CSS.escape(id))) {
          parts.unshift("#" + CSS.escape(id));
          break;
        }
        let place = 1, others = 0;
        for (let one = up.previousElementSibling; one; one = one.previousElementSibling) place += one.localName === up.localName;
        for (let one = up.nextElementSibling; one && !others; one = one.nextElementSibling) others += one.localName === up.localName;
        parts.unshift(CSS.escape(up.localName) + (place > 1 || others ? `:nth-of-type(${place})` : ""));
        if (unique(parts.join(" > "))) break;
      }
      return inside + parts.join(" > ");
    }

    // What a verdict needs of an element.
    target(element) {
      return {
        selector: this.selector(element),
        path: this.path(element),
        html: this.snippet(element, 50).slice(0, longestSnippet),
      };
    }

    // Its HTML; of an element that holds much only its own tag.
    snippet(element, most) {
      return (element.getElementsByTagName("*").length > most ? own.cloneNode.call(element, false) : element).outerHTML;
    }

    // As target(), but cheap: for elements of which nearly all will be judged fine.
    place(element) {
      const path = this.path(element);
      return { selector: path, path, html: this.snippet(element, 10).slice(0, 300) };
    }

    // Its box is on the page and not clipped to a dot: seen, not only read out.
    onScreen(element) {
      if (!this.visible(element)) return false;
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && box.right + scrollX > 0 && box.bottom + scrollY > 0;
    }

    // Whether the whole of a text that a box cuts off is found elsewhere: "yes" where the box stands in a link, or what opens it
    // or leads to the whole of it is near; "maybe" where a link or button near it may lead anywhere; else "".
    restOf(box) {
      const controls = "a[href], button, summary, [role=button], [role=link]", few = 20;
      const length = box.textContent.replace(/\s+/g, " ").trim().length;
      if (box.closest(controls) || (box.title && box.title.length >= length)) return "yes";
      const near = [...box.querySelectorAll(controls)].slice(0, few);
      for (let beside = box.nextElementSibling, i = 0; beside && i < 3; beside = beside.nextElementSibling, i++)
        near.push(...(beside.matches(controls) ? [beside] : [...beside.querySelectorAll(controls)].slice(0, few)));
      const parent = box.parentElement;
      if (parent && !parent.matches("body, main, form") && parent.childElementCount < 12)
        near.push(...[...parent.querySelectorAll(controls)].slice(0, few));
      const leadsOn = (control) =>
        control.hasAttribute("aria-expanded") || control.localName === "summary" || saysMore.test(control.textContent.trim()) ||
        (control.matches("a[href], [role=link]") && control.closest("h1, h2, h3, h4, h5, h6") !== null) ||
        (box.contains(control) && control.textContent.trim().length * 2 > length);
      if (near.some(leadsOn)) return "yes";
      const opens = (one) => one.getAttribute("aria-controls").split(/\s+/).includes(box.id);
      return box.id && this.all("[aria-controls]").some(opens) ? "yes" : near.length ? "maybe" : "";
    }

    get frames() {
      return this.once("frames", () => this.all("iframe, frame, object, embed").filter((one) => one.contentWindow));
    }
  }

  globalThis.vierluik = {
    Page,
    page: null,
    // What a function finds in this document, as one string, with the frames in it.
    look: (find) => {
      const page = (vierluik.page = new Page());
      try {
        const found = find(page);
        const inside = page.frames.map((frame) => ({ path: page.path(frame), sandboxed: frame.hasAttribute("sandbox") }));
        return JSON.stringify({ ...found, inside });
      } finally {
        if (globalThis.axe && axe._tree) axe.teardown();
      }
    },
    // Every topic's facts of this document. One gatherer that fails leaves the others whole.
    gather: (wanted) => vierluik.look((page) => {
      const topics = {};
      for (const [name, gatherer] of Object.entries(gatherers)) {
        if (wanted && !wanted.includes(name)) continue;
        try {
          topics[name] = { facts: gatherer(page) };
        } catch (error) {
          topics[name] = { failed: String(error).slice(0, 200) };
        }
      }
      return { topics };
    }),
    frame: (number) => vierluik.page.frames[number],
    gatherers: Object.keys(gatherers),
  };
};
