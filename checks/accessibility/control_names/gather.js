// Names that are lost in ways that engines miss: choices in a menu made of buttons and links, labels that point elsewhere.
const choices = page.all("[role=menuitem], [role=menuitemcheckbox], [role=menuitemradio]").slice(0, 300)
  .filter((one) => page.exposed(one) && (one.firstElementChild || !one.textContent.trim()))
  .map((one) => ({ name: page.name(one).slice(0, 100), element: page.place(one) }));
const FIELD = "input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image]), select, textarea";
const fields = [];
for (const label of page.all("label[for]").slice(0, 1000)) {
  const field = label.querySelector(FIELD);
  if (!field || label.control === field || field.labels.length || !page.exposed(field)) continue;
  if (["aria-label", "aria-labelledby", "title", "placeholder"].some((name) => (field.getAttribute(name) || "").trim())) continue;
  fields.push({ element: page.target(field) });
}
return { choices, fields: fields.slice(0, 50) };
