// Whether the page answers a key although nothing on it has the focus, and what on it speaks of keys.
const page = new vierluik.Page();
const KEYS = /\b(short-?cuts?|hot-?keys?|key(board|s)?|ctrl|control( key)?|sneltoets(en)?|toets(en|combinaties?)?|toetsenbord)\b/i;
const ABOUT_SHORTCUTS = /\b(short-?cuts?|hot-?keys?|sneltoets(en)?)\b/i;
let changes = 0, first = null, found = [];
const observer = new MutationObserver((records) => {
  for (const { type, target } of records) {
    // That somebody uses the keyboard is often noted on the page as a whole: nobody sees that.
    if (type === "attributes" && (target === document.documentElement || target === document.body)) continue;
    changes++;
    first ||= target.nodeType === 1 ? target : target.parentElement;
  }
});
for (const root of page.roots) observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
const state = () => [location.href, document.activeElement === document.body ? "" : page.selector(document.activeElement), Math.round(scrollY / 50)].join("|");
let before = state();
const nameOf = (element) => [element.innerText, element.value, element.getAttribute("aria-label"), element.title,
  ...[...(element.labels || [])].map((label) => label.innerText)].filter(Boolean).join(" ");

return {
  // A listener so high that it hears every key.
  hears: () => vierluikListeners.some(([node]) => node === document || node === document.documentElement || node === document.body ||
    (node.nodeType === 1 && node.parentElement === document.body && node.getElementsByTagName("*").length > document.querySelectorAll("body *").length / 2)),
  begin: () => {
    document.activeElement?.blur();
    observer.takeRecords();
    changes = 0; first = null; before = state();
  },
  changed: async (ms) => {
    await new Promise((done) => setTimeout(done, ms));
    return changes > 0 || state() !== before;
  },
  where: () => {
    try { return page.target(first?.isConnected ? first : document.body); } finally { if (globalThis.axe && axe._tree) axe.teardown(); }
  },
  // Controls that speak of keys, which may turn a shortcut off.
  switches: () => {
    found = page.all("input[type=checkbox], input[type=radio], input[type=button], button, a[href^='#'], summary, [role=switch], [role=checkbox], [role=button]")
      .filter((one) => page.visible(one) && KEYS.test(nameOf(one))).slice(0, 8);
    return found.map(nameOf);
  },
  // A link to where shortcuts are told of: what turns them off may stand there.
  elsewhere: () => page.all("a[href]:not([href^='#'])").some((one) => page.visible(one) && ABOUT_SHORTCUTS.test(nameOf(one))),
  use: (number) => found[number].focus(),
  isBox: (number) => found[number].matches("input[type=checkbox], input[type=radio], [role=switch], [role=checkbox]"),
};
