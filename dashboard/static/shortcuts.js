// Keyboard shortcuts. What a key does stands in the page: the link, button or field whose data-shortcut names it ("c", or "g m" for
// two keys one after the other). See "Shortcuts" in docs/theme.md. Without this file every one of them is still there to press.
(() => {
  "use strict";
  const WAITS_MS = 1500; // for the second key of two
  const LONGEST = 2; // keys in one shortcut
  let typed = [];
  let last = 0;

  const isField = (one) =>
    one.isContentEditable ||
    one.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button])");
  const shown = (one) => one.checkVisibility() && !one.disabled;
  const items = () => [...document.querySelectorAll("[data-shortcut-item]")].filter(shown);
  const current = () => document.activeElement?.closest("[data-shortcut-item]");

  // The one in the item where one is comes first; else the first of the screen.
  const named = (keys) => {
    const all = [...document.querySelectorAll("[data-shortcut]")].filter((one) => one.dataset.shortcut === keys && shown(one));
    return all.find((one) => current()?.contains(one)) ?? all[0];
  };

  const press = (one) => {
    if (isField(one)) {
      one.focus();
      one.select?.();
    } else {
      one.focus();
      one.click();
    }
  };

  const go = (step) => {
    const list = items();
    const place = list.indexOf(current());
    const next = list[place < 0 ? (step > 0 ? 0 : list.length - 1) : place + step];
    next?.querySelector("a[href], button, summary")?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return Boolean(next);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (event.key.length !== 1 || event.key === " " || !(event.target instanceof Element) || isField(event.target)) return;
    if (event.timeStamp - last > WAITS_MS) typed = [];
    last = event.timeStamp;
    typed = [...typed, event.key].slice(-LONGEST);
    const one = (typed.length > 1 && named(typed.join(" "))) || named(event.key);
    if (one) {
      typed = [];
      event.preventDefault();
      press(one);
    } else if ((event.key === "j" && go(1)) || (event.key === "k" && go(-1))) {
      typed = [];
      event.preventDefault();
    }
  });

  for (const one of document.querySelectorAll("[data-shortcut]")) {
    if (one.dataset.shortcut.length === 1) one.setAttribute("aria-keyshortcuts", one.dataset.shortcut);
  }
})();
