// The custom controls of a page: what a click does to them, whether keys do the same, and how windows that they open behave.
const page = new vierluik.Page();
const DIALOG = "dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]";
const usable = (element) => page.visible(element) && page.exposed(element) && !element.disabled && element.getAttribute("aria-disabled") !== "true";
const nameOf = (element) => (element.innerText || element.getAttribute("aria-label") || element.title || "").replace(/\s+/g, " ").trim().slice(0, 80);
const NATIVE = "button, a[href], input, select, summary";
const custom = page.all("[role=button], [role=checkbox], [role=switch]").filter((one) => usable(one) && !one.matches(NATIVE) && one.tabIndex >= 0);
const expanders = page.all("button[aria-expanded], [role=button][aria-expanded]").filter((one) => usable(one) && one.tabIndex >= 0 && !custom.includes(one));
const openers = page.all("button[aria-haspopup=dialog], [data-toggle=modal], [data-bs-toggle=modal], button[aria-controls], button[data-dialog], button[data-modal], button[onclick*=showModal], button[onclick*=odal], button[onclick*=ialog]")
  .filter((one) => usable(one) && one.tabIndex >= 0 && !expanders.includes(one) && !custom.includes(one));
const firstOfKind = (list) => [...new Map(list.map((one) => [one.localName + "|" + one.className + "|" + (one.parentElement?.className ?? ""), one])).values()];
const chosen = [...firstOfKind(custom).slice(0, 4).map((element) => [element, "custom"]), ...firstOfKind(expanders).slice(0, 3).map((element) => [element, "expander"]),
  ...firstOfKind(openers).slice(0, 3).map((element) => [element, "opener"])];
const opened = () => page.all("*").length && [...document.querySelectorAll(DIALOG)].filter((one) => page.visible(one) && one.getBoundingClientRect().width > 40);
let changes = 0, before = [], current = null, dialog = null;
const SHOWN = ["class", "style", "hidden", "open", "checked", "aria-expanded", "aria-checked", "aria-pressed", "aria-hidden"];
const observer = new MutationObserver((records) => {
  for (const { type, target } of records) if (type !== "attributes" || (target !== document.documentElement && target !== document.body)) changes++;
});
for (const root of page.roots) observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: SHOWN });
const states = () => ["aria-expanded", "aria-checked", "aria-pressed"].map((name) => current.getAttribute(name)).join("|");
const finish = (make) => { try { return make(); } finally { if (globalThis.axe && axe._tree) axe.teardown(); } };
let state = "";
return {
  list: () => finish(() => chosen.map(([element, kind], number) => ({ number, kind, role: element.getAttribute("role") || element.localName, name: nameOf(element), element: page.target(element) }))),
  begin: (number) => {
    current = chosen[number][0];
    before = opened();
    current.scrollIntoView({ block: "center", behavior: "instant" });
    current.focus();
    state = states();
    observer.takeRecords(); changes = 0;
    const box = current.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const hit = current.getRootNode().elementFromPoint(x, y);
    return { x, y, hit: Boolean(hit && hit.closest("a[href], button, input, select, textarea, summary, [tabindex]") === current), focused: document.activeElement === current };
  },
  changed: async (ms) => {
    await new Promise((done) => setTimeout(done, ms));
    return { any: changes > 0, state: states() !== state };
  },
  // The window that was opened since; where the focus is.
  dialog: () => finish(() => {
    dialog = opened().find((one) => !before.includes(one)) || null;
    const inside = dialog && (dialog.contains(document.activeElement));
    return dialog ? { element: page.target(dialog), inside, modal: dialog.getAttribute("aria-modal") === "true" || dialog.matches(":modal") } : null;
  }),
  inside: () => Boolean(dialog && dialog.isConnected && dialog.contains(document.activeElement)),
  onPage: () => document.activeElement !== document.body && document.activeElement !== document.documentElement,
  open: () => Boolean(dialog && dialog.isConnected && page.visible(dialog)),
  returned: () => document.activeElement === current || Boolean(current?.contains(document.activeElement)),
};
