// Asked of one element, in the page's own world, as Playwright hands it over: [what it is asked] => the answer.
({
  /** Name, role and place of a control, for people. */
  describe: (one) => {
    const line = (text) => (text || "").replace(/\s+/g, " ").trim();
    const said = (node) => line(node?.getAttribute?.("aria-label") || document.getElementById(node?.getAttribute?.("aria-labelledby") || "-")?.textContent);
    const place = one.closest("nav, [role=navigation], fieldset, [role=group], section, aside, dialog, [role=dialog], form, header, main, footer");
    const kinds = { A: "link", BUTTON: "button", INPUT: one.type, SELECT: "list", TEXTAREA: "text field", SUMMARY: "button" };
    const role = one.getAttribute("role") || kinds[one.tagName] || one.tagName.toLowerCase();
    const name = line(one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText || one.value || one.title).slice(0, 60);
    const where = place ? said(place) || line(place.querySelector("legend, h2, h3")?.innerText).slice(0, 60) || place.tagName.toLowerCase() : "";
    const isButton = role === "button" || ["submit", "image", "button"].includes(one.type);
    return { role, name, where, isButton, filled: Boolean(one.value), href: one.href || "", type: one.type || "", field: ["text field"].includes(role) || one.tagName === "INPUT" && !["checkbox", "radio", "submit", "button", "image", "file", "range", "color"].includes(one.type) };
  },
  /** What lies over the middle of an element; null: nothing. */
  cover: (one, [centre]) => {
    if (centre) one.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    let box = one.getBoundingClientRect();
    if (one.getClientRects().length > 1) box = one.getClientRects()[0];
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const outside = box.right + scrollX > document.documentElement.clientWidth + 2 || box.x + scrollX < -2;
    let top = document.elementFromPoint(x, y);
    while (top?.shadowRoot?.elementFromPoint(x, y) && top.shadowRoot.elementFromPoint(x, y) !== top) top = top.shadowRoot.elementFromPoint(x, y);
    const label = one.labels?.[0];
    const free = !top || top === one || one.contains(top) || top.contains(one) || label?.contains(top) || top.closest("label")?.control === one;
    if (free) return { name: "", consent: false, outside };
    let layer = top;
    for (let node = top; node && node !== document.body; node = node.parentElement || node.getRootNode().host) {
      if (["fixed", "sticky", "absolute"].includes(getComputedStyle(node).position) || node.matches("dialog, [role=dialog]")) layer = node;
    }
    const words = `${layer.id} ${layer.className} ${layer.getAttribute("aria-label") || ""} ${layer.title || ""} ${layer.innerText || ""}`.replace(/\s+/g, " ");
    const name = (layer.getAttribute("aria-label") || layer.title || layer.innerText || layer.id || layer.tagName.toLowerCase()).replace(/\s+/g, " ").trim();
    return { name: name.slice(0, 60), consent: /cookie|toestemming|consent|privacy-?voorkeur/i.test(words), outside };
  },
  /** Where the focus is: whether that is the element that is looked for, or a group that it is in. `known`: a Map that stays. */
  focus: (target, [known]) => {
    const line = (text) => (text || "").replace(/\s+/g, " ").trim();
    const inner = (one) => { try { return one.contentDocument?.activeElement; } catch { return null; } };
    let here = top.document.activeElement;
    for (let next = here; next; next = here.shadowRoot?.activeElement || inner(here)) here = next;
    if (here?.matches("body, html")) here = here.ownerDocument === top.document ? null : here.ownerDocument.defaultView.frameElement;
    if (!here) { known.last = null; return { number: -1 }; }
    if (!known.has(here)) known.set(here, known.size);
    const PRESSED = "a[href], button, summary, label, [role=button], [role=link], [role=tab], [role=menuitem], [tabindex='0']";
    const small = line(here.textContent).length < 200;
    const at = here === target || target.contains(here) || (here.contains(target) && small && here.matches(PRESSED)) || target.labels && [...target.labels].some((one) => one === here);
    const isRadio = target.type === "radio" && here.type === "radio" && target.name === here.name && target.form === here.form;
    const group = target.closest("[role=tablist], [role=menu], [role=menubar], [role=listbox], [role=radiogroup], [role=tree], [role=toolbar], [role=grid]");
    const active = here.getAttribute("aria-activedescendant");
    const byProxy = active && document.getElementById(active) === target;
    const near = isRadio || (group?.contains(here) && group !== here) || (group === here && active);
    const across = group?.matches("[role=tablist]:not([aria-orientation=vertical]), [role=menubar], [role=toolbar]");
    const there = target.getBoundingClientRect(), from = here.getBoundingClientRect();
    const inGrid = there.top >= from.bottom ? "ArrowDown" : there.bottom <= from.top ? "ArrowUp" : there.left >= from.right ? "ArrowRight" : "ArrowLeft";
    const last = known.last;
    const box = here.getBoundingClientRect();
    const back = last && last.isConnected && last !== here && last.ownerDocument === here.ownerDocument && last.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING && box.bottom < last.getBoundingClientRect().top;
    known.last = here;
    const modal = here.closest("dialog[open], [aria-modal=true]");
    const words = modal ? `${modal.id} ${modal.className} ${modal.innerText}` : "";
    return {
      number: known.get(here),
      at: Boolean(at || byProxy),
      near: near ? (group?.matches("[role=grid]") ? inGrid : across ? "ArrowRight" : "ArrowDown") : "",
      many: here.tagName === "IFRAME" || ["date", "time", "datetime-local", "month", "week"].includes(here.type) || here.tagName === "VIDEO" || here.tagName === "AUDIO",
      back: Boolean(back),
      inside: Boolean(modal && !modal.contains(target)),
      consent: /cookie|toestemming|consent/i.test(words),
      name: line(here.getAttribute("aria-label") || here.labels?.[0]?.innerText || here.innerText || here.value || here.title || here.tagName.toLowerCase()).slice(0, 60),
    };
  },
  /** The box around an element with some room, as far as it can be seen. */
  box: (one) => {
    const box = one.getBoundingClientRect();
    const left = Math.max(box.left - 12, 0), top = Math.max(box.top - 12, 0);
    let x = left, y = top;
    for (let frame = frameElement; frame; frame = frame.ownerDocument.defaultView.frameElement) {
      x += frame.getBoundingClientRect().left + frame.clientLeft, y += frame.getBoundingClientRect().top + frame.clientTop;
    }
    return [x, y, Math.min(box.right + 12, innerWidth) - left, Math.min(box.bottom + 12, innerHeight) - top];
  },
  /** Of a checkbox or radio button that is drawn by its label: where on the label to click, past links in it; else null. */
  spot: (one) => {
    const box = one.getBoundingClientRect(), label = one.labels?.[0];
    if (!label || !["checkbox", "radio"].includes(one.type)) return null;
    const hit = one.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (hit === one && box.width > 4 && box.height > 4) return null;
    label.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const walker = document.createTreeWalker(label, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.data.trim() || node.parentElement.closest("a, button")) continue;
      range.selectNodeContents(node);
      const text = range.getClientRects()[0];
      if (!text || text.width < 2 || text.height < 2) continue;
      let x = text.x + text.width / 2, y = text.y + text.height / 2;
      for (let frame = frameElement; frame; frame = frame.ownerDocument.defaultView.frameElement) {
        x += frame.getBoundingClientRect().left + frame.clientLeft, y += frame.getBoundingClientRect().top + frame.clientTop;
      }
      return [x, y];
    }
    return null;
  },
  /** Of an option in a list that the page has made: what opens or holds the list, and has the focus while one chooses. */
  opener: (one) => {
    const list = one.closest("[role=listbox]"), root = one.getRootNode();
    return list && ([...root.querySelectorAll("[aria-controls], [aria-owns]")]
      .find((other) => `${other.getAttribute("aria-controls")} ${other.getAttribute("aria-owns")}`.split(" ").includes(list.id)) || list);
  },
  /** Whether the focus is at that list, so that the arrows go through it. */
  inList: (one) => {
    const root = one.getRootNode(), here = root.activeElement, list = one.closest("[role=listbox]");
    return Boolean(here && list && (list.contains(here) || `${here.getAttribute("aria-controls")} ${here.getAttribute("aria-owns")}`.split(" ").includes(list.id)));
  },
  /** Whether the arrows have come to it. */
  isActive: (one) => {
    const root = one.getRootNode(), here = root.activeElement;
    return Boolean(here && (here === one || one.contains(here) || root.getElementById(here.getAttribute("aria-activedescendant") || "-") === one));
  },
  /** Whether a checkbox or radio button can be seen by its label. */
  labelled: (one) => ["checkbox", "radio"].includes(one.type) && [...(one.labels || [])].some((label) => label.checkVisibility()),
  blur: (one) => { one.blur(); document.activeElement?.blur?.(); },
  refocus: (one) => one.focus({ preventScroll: true }),
})
