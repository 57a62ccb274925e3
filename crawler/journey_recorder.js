// Watches what a person does on a page and tells it by the names that stand there. Values of secrets never leave the page.
(() => {
  if (globalThis.vierluikWatches) return;
  globalThis.vierluikWatches = true;
  const line = (text) => (text || "").replace(/\s+/g, " ").trim().slice(0, 120);
  const tell = (step) => globalThis.vierluikTells?.(JSON.stringify(step));
  // A label round its field: without what can be chosen in it.
  const words = (label) => {
    const copy = label?.cloneNode(true);
    copy?.querySelectorAll("select, textarea, button").forEach((one) => one.remove());
    return line(copy?.textContent);
  };
  const label = (field) => line(field.getAttribute("aria-label") || words(field.labels?.[0]) || field.placeholder || field.name);
  const group = (field) => line(field.closest("fieldset")?.querySelector("legend")?.innerText || field.closest("[role=group], [role=radiogroup]")?.getAttribute("aria-label"));
  const place = (one) => line(one.closest("nav, section, aside, form, dialog")?.getAttribute("aria-label"));
  let last = "", waits = 0;
  const heading = () => {
    const what = line([...document.querySelectorAll("h1")].find((one) => one.checkVisibility())?.innerText);
    if (what && what !== last) tell({ kind: "heading", what: (last = what) });
  };
  addEventListener("DOMContentLoaded", heading);
  // A page that goes on by a script has another heading without being another page.
  new MutationObserver(() => {
    clearTimeout(waits);
    waits = setTimeout(heading, 50);
  }).observe(document, { subtree: true, childList: true, characterData: true });
  addEventListener("click", (event) => {
    const one = event.composedPath().find((node) => node.matches?.("a[href], button, summary, input[type=submit], input[type=button], [role=button], [role=link], [role=tab], [role=menuitem]"));
    const name = one && line(one.getAttribute("aria-label") || one.innerText || one.value || one.title);
    if (!name) return;
    const same = [...document.querySelectorAll("a[href], button, summary")].filter((other) => other.checkVisibility() && line(other.innerText) === name);
    tell({ kind: "click", what: name, within: same.length > 1 ? place(one) : "", search: Boolean(one.closest("form[role=search], search")) && one.matches("button, input") });
  }, true);
  // A change in a component of the page's own does not come out of it: its root is listened to as well.
  const roots = new WeakSet();
  addEventListener("focusin", (event) => {
    for (const one of event.composedPath()) {
      if (one instanceof ShadowRoot && !roots.has(one)) {
        roots.add(one);
        one.addEventListener("change", changed, true);
      }
    }
  }, true);
  function changed(event) {
    const field = event.composedPath()[0];
    if (field.matches("select")) {
      tell({ kind: "choose", what: line(field.selectedOptions[0]?.innerText), within: label(field) });
    } else if (field.matches("input[type=radio], input[type=checkbox]")) {
      tell({ kind: "choose", what: label(field), within: group(field) });
    } else if (field.matches("input[type=search], form[role=search] input, search input")) {
      tell({ kind: "search", what: line(field.value) });
    } else if (field.matches("input, textarea") && field.type !== "password" && field.type !== "file") {
      tell({ kind: "fill", what: label(field), value: String(field.value).slice(0, 300) });
    }
  }
  addEventListener("change", changed, true);
})();
