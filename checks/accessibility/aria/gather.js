// Attributes that give a name to elements which may have none.
const names = ["aria-label", "aria-labelledby", "aria-roledescription", "aria-braillelabel", "aria-brailleroledescription"];
const byTag = new Map(Object.entries({
  div: "generic", span: "generic", b: "generic", i: "generic", u: "generic", q: "generic", bdi: "generic", bdo: "generic", small: "generic",
  samp: "generic", data: "generic", p: "paragraph", em: "emphasis", strong: "strong", code: "code", del: "deletion", s: "deletion",
  ins: "insertion", sub: "subscript", sup: "superscript",
}));
const nameless = new Set([...byTag.values(), "none", "presentation", "caption"]);
const found = [];
for (const one of page.all(names.map((name) => `[${name}]`).join(", "))) {
  if (found.length >= 200) break;
  const explicit = (one.getAttribute("role") || "").trim().toLowerCase().split(/\s+/).find((role) => role);
  const role = explicit || byTag.get(one.localName);
  if (!nameless.has(role) || !page.exposed(one)) continue;
  const given = names.filter((name) => (one.getAttribute(name) || "").trim());
  if (!given.length) continue;
  const ids = (one.getAttribute("aria-labelledby") || "").trim().split(/\s+/).filter(Boolean);
  const root = one.getRootNode();
  const words = ids.map((id) => root.getElementById && root.getElementById(id)).filter(Boolean).map((label) => label.textContent).join(" ");
  const isPlain = !one.querySelector("img, svg, a, button, input, select, textarea, video, audio, iframe, canvas, [role], [tabindex]");
  found.push({
    element: page.target(one),
    role, given,
    name: (words || one.getAttribute("aria-label") || "").replace(/\s+/g, " ").trim().slice(0, 200),
    text: page.text(one).slice(0, 200),
    isPlain,
  });
}
return found;
