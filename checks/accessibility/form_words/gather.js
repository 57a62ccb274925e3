// Fields with the words that are seen beside them: labels, hints, marks and error messages.
const mostFields = 200, mostMessages = 60, longest = 300;
const clean = (text) => text.replace(/\s+/g, " ").trim();
const fields = page.all("input, select, textarea, [role=textbox], [role=combobox], [role=spinbutton], [role=searchbox]")
  .filter((one) => !/^(hidden|submit|button|image|reset)$/.test(one.type) && page.visible(one) && page.exposed(one)).slice(0, mostFields);
const messages = [];
if (!fields.length && !document.querySelector("[role=alert]")) return null;

// The text of an element that is seen, without that of controls in it.
const seen = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  for (let node = walker.nextNode(), count = 0; node && count < 60; node = walker.nextNode(), count++) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent !== element && parent.closest("select, textarea, option, datalist, script, style")) continue;
    if (page.onScreen(parent)) text += " " + node.data;
  }
  return clean(text).slice(0, longest);
};
const referred = (element, attribute) => {
  const root = element.getRootNode();
  return (element.getAttribute(attribute) || "").split(/\s+/).filter(Boolean).slice(0, 5).map((id) => root.getElementById(id)).filter(Boolean);
};

const described = new Set();
const facts = fields.map((field) => {
  const labels = [...(field.labels || [])].filter((one) => page.exposed(one));
  const named = referred(field, "aria-labelledby");
  const labelled = named.length ? named : labels;
  const label = clean(labelled.map(seen).join(" "));
  const describing = [...referred(field, "aria-describedby"), ...referred(field, "aria-errormessage")];
  describing.forEach((one) => described.add(one));
  return {
    field, label, describing,
    name: label && !named.length && !field.hasAttribute("aria-label") ? label : page.name(field),
    type: field.localName === "input" ? field.type : field.localName,
    placeholder: clean(field.getAttribute("placeholder") || ""),
    title: clean(field.getAttribute("title") || ""),
    required: field.required === true || field.getAttribute("aria-required") === "true",
    invalid: field.getAttribute("aria-invalid") === "true",
    described: clean(describing.map(seen).join(" ")).slice(0, longest),
    inTable: field.closest("td, [role=gridcell], [role=cell]") !== null,
    form: field.form || null,
    context: 0,
  };
});

// Which text, other than labels, was last seen before a field: fields of one name need different ones.
const counts = new Map();
const core = (label) => label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
for (const one of facts) if (one.label) counts.set(core(one.label), (counts.get(core(one.label)) || 0) + 1);
if ([...counts.values()].some((count) => count > 1)) {
  const places = new Map(facts.map((one) => [one.field, one]));
  const inLabel = new Set(facts.flatMap((one) => [...(one.field.labels || []), ...referred(one.field, "aria-labelledby")]));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let context = 0;
  for (let node = walker.nextNode(), steps = 0; node && steps < 60000; node = walker.nextNode(), steps++) {
    if (places.has(node)) places.get(node).context = context;
    if (node.nodeType === 1) {
      if (node.localName === "img" && node.alt && page.visible(node)) context++;
    } else if (node.data.trim().length > 1) {
      let up = node.parentElement, isLabel = false;
      for (let step = 0; up && step < 4 && !isLabel; step++, up = up.parentElement) {
        isLabel = inLabel.has(up) || /^(button|option|select|textarea|script|style|datalist)$/.test(up.localName);
      }
      if (!isLabel && page.onScreen(node.parentElement)) context++;
    }
  }
}

// What looks like a message about a fault: referred to by a field, or called so.
const near = (element) => {
  for (let up = element.parentElement, step = 0; up && step < 3; up = up.parentElement, step++) {
    const inside = facts.filter((one) => up.contains(one.field));
    if (inside.length) return inside.length === 1 ? inside[0] : null;
  }
  return null;
};
const called = page.all("[role=alert], [class*=error i], [id*=error i], [class*=fout i], [id*=fout i], [class*=invalid i], [class*=validation i]").slice(0, 400);
const after = facts.flatMap((one) => [one.field.nextElementSibling, one.field.closest("label")?.nextElementSibling])
  .map((one) => one && one.localName === "br" ? one.nextElementSibling : one)
  .filter((one) => one && /^(span|p|div|strong|em|b|i|small|output)$/.test(one.localName) && one.getElementsByTagName("*").length < 10);
const errors = new Set([...called, ...facts.flatMap((one) => referred(one.field, "aria-errormessage"))]);
const above = page.all("form h1, form h2, form h3, form > p, form > div > p, fieldset > p").slice(0, 60);
const candidates = new Set([...facts.flatMap((one) => one.describing), ...called, ...after, ...above]);
for (const element of candidates) {
  if (messages.length >= mostMessages) break;
  if (element.matches("form, fieldset, input, select, textarea, label, body, html, option, script, style") || element.querySelector("input, select, textarea")) continue;
  const isSmall = element.getElementsByTagName("*").length <= 40;
  const visible = isSmall ? seen(element) : "";
  // Read out with its field, but placed where nobody sees it.
  const isUnseen = isSmall && !visible && described.has(element) && element.checkVisibility({ visibilityProperty: true });
  const text = isUnseen ? clean(element.textContent) : visible;
  if (!text || text.length > 200) continue;
  if ([...candidates].some((other) => other !== element && element.contains(other) && seen(other) === text)) continue;
  const tied = facts.find((one) => one.describing.includes(element));
  const beside = tied || near(element);
  messages.push({
    text,
    isTied: Boolean(tied),
    isHeading: element.matches("h1, h2, h3, h4, h5, h6, [role=heading], legend"),
    isNotice: element.matches("[role=alert]") && !element.closest("form, fieldset") && !tied && !(beside && beside.invalid),
    isCalled: errors.has(element) || Boolean(beside && beside.invalid),
    field: beside ? beside.label || beside.name : "",
    hasField: Boolean(beside),
    isHeld: Boolean(beside && (beside.describing.some((one) => one.contains(element)) || element.closest("label, legend"))),
    exposed: page.exposed(element),
    unseen: isUnseen,
    type: beside ? beside.type : "",
    told: beside ? clean([beside.label, beside.placeholder, beside.title, ...beside.describing.filter((one) => !one.contains(element)).map(seen)].join(" ")) : "",
    element: page.place(element),
  });
}

// Words that explain a field by their class, but are tied to nothing.
const hints = [];
for (const element of page.all("[class*=help i], [class*=hint i], [class*=toelichting i], [class*=uitleg i], small").slice(0, 200)) {
  if (hints.length >= 30 || described.has(element) || errors.has(element) || element.closest("label, legend, button, a") || element.querySelector("input, select, textarea, button, a, label")) continue;
  const up = element.parentElement;
  const inside = up ? facts.filter((one) => up.contains(one.field)) : [];
  if (inside.length !== 1 || inside[0].described) continue;
  const text = page.onScreen(element) ? seen(element) : "";
  if (text.length > 3) hints.push({ text, element: page.place(element) });
}

const forms = [...new Set(facts.map((one) => one.form))];
const marked = facts.filter((one) => /\*\s*:?\s*$|^\s*\*/.test(one.label));
return {
  fields: facts.map(({ field, describing, form, ...rest }) => ({ ...rest, form: forms.indexOf(form), element: page.place(field) })),
  messages, hints,
  marks: forms.map((form, index) => {
    const inForm = marked.filter((one) => one.form === form);
    if (!inForm.length) return null;
    const text = (form && page.text(form) || "") + " " + page.text(document.querySelector("main") || document.body);
    return { form: index, element: page.place(inForm[0].field), text: text.slice(0, 6000) };
  }).filter(Boolean),
};
