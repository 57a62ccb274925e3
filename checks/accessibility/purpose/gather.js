// Fields to type in, with their names, and whether the browser is told what they are for.
const types = new Set(["text", "email", "tel", "number", "date", "url", ""]);
return page.all("input, textarea").slice(0, 300)
  .filter((one) => (one.localName === "textarea" || types.has((one.getAttribute("type") || "").toLowerCase())) && page.visible(one) && page.exposed(one) &&
    !one.disabled && !one.readOnly && one.closest("form"))
  .slice(0, 40).map((one) => ({
    name: page.name(one).slice(0, 100),
    autocomplete: (one.getAttribute("autocomplete") || "").trim().toLowerCase(),
    isSearch: Boolean(one.closest("[role=search], search") || /search|zoek/i.test(`${one.form.id} ${one.form.getAttribute("class")} ${one.form.getAttribute("action")}`)),
    element: page.place(one),
  }));
