// What a form asks for, and what it says around its button: each form with its fields, in document order.
const mostForms = 12, mostFields = 60, longest = 3000;
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const PARTS = "legend, h1, h2, h3, h4, h5, h6, [role=heading], input, select, textarea, button, [class*=captcha i], [id*=captcha i], iframe[src*=captcha i]";
const parts = page.all(PARTS).slice(0, 1500);
if (!parts.some((one) => /^(input|select|textarea)$/.test(one.localName))) return [];

const labelOf = (field) => {
  const root = field.getRootNode();
  const named = (field.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean).slice(0, 5).map((id) => root.getElementById(id)?.innerText);
  const labels = [...(field.labels || [])].map((one) => one.innerText);
  return clean([named.filter(Boolean).join(" "), labels.join(" "), field.getAttribute("aria-label"), field.placeholder, field.title].find((one) => clean(one))).slice(0, 200);
};
const isButton = (one) => one.localName === "button" || one.localName === "input" && /^(submit|button|image|reset)$/.test(one.type);

const forms = new Map();
let heading = "";
for (const one of parts) {
  if (one.matches("legend, h1, h2, h3, h4, h5, h6, [role=heading]")) {
    heading = clean(one.textContent).slice(0, 200);
    continue;
  }
  if (one.type === "hidden" || !page.visible(one) && !/checkbox|radio/.test(one.type)) continue;
  const owner = one.form !== undefined ? one.form : one.closest("form");
  if (!forms.has(owner)) {
    if (forms.size >= mostForms) continue;
    forms.set(owner, { owner, heading, fields: [], buttons: [], captcha: [] });
  }
  const form = forms.get(owner);
  if (isButton(one)) {
    if (form.buttons.length < 20) form.buttons.push({ one, type: one.type, name: clean(one.innerText || one.value || one.getAttribute("aria-label") || one.title || one.alt).slice(0, 100) });
  } else if (!/^(input|select|textarea)$/.test(one.localName)) {
    if (form.captcha.length < 3) form.captcha.push(one);
  } else if (form.fields.length < mostFields) form.fields.push({ one, group: one.closest("fieldset")?.querySelector("legend")?.textContent || heading });
}
// A script in the page itself that stops pasting, into whatever field.
const stopsPaste = () => page.once("script stops paste", () => [...document.scripts].slice(0, 100)
  .some((one) => !one.src && /["'`]paste["'`]|onpaste/.test(one.text.slice(0, 200000)) && /preventDefault|return false/.test(one.text.slice(0, 200000))));

return [...forms.values()].filter((form) => form.fields.length).map(({ owner, heading, fields, buttons, captcha }) => {
  const whole = owner || document.querySelector("main") || document.body;
  const send = buttons.find(({ type }) => type === "submit" || type === "image") || buttons.find(({ type }) => type === "button");
  return {
    heading,
    isForm: owner !== null,
    isSearch: whole.getAttribute("role") === "search" || whole.closest("[role=search], search") !== null,
    text: page.text(whole).slice(0, longest),
    buttons: buttons.map(({ name }) => name),
    send: send ? send.name : "",
    element: page.place((send || fields[0]).one),
    stopsPaste: fields.some(({ one }) => one.type === "password" || one.autocomplete === "one-time-code") && stopsPaste(),
    captcha: captcha.map((one) => ({
      address: (one.src || one.querySelector("iframe")?.src || "").slice(0, 200),
      called: clean(`${one.getAttribute("class") || ""} ${one.id} ${one.alt || ""}`).slice(0, 200),
      isImage: one.matches("img, canvas") || one.querySelector("img, canvas") !== null,
      element: page.place(one),
    })),
    fields: fields.map(({ one, group }) => ({
      label: labelOf(one),
      type: one.localName === "input" ? one.type : one.localName,
      name: (one.getAttribute("name") || one.id || "").slice(0, 80),
      token: clean(one.getAttribute("autocomplete")).toLowerCase(),
      group: clean(group).slice(0, 200),
      filled: Boolean(one.value) && !/checkbox|radio/.test(one.type),
      fixed: one.readOnly || one.disabled,
      single: one.maxLength === 1,
      paste: (one.getAttribute("onpaste") || "").slice(0, 200),
      element: page.place(one),
    })),
  };
});
