// How a form goes on: what has to be filled in, how much at once, which step this is of how many, and how long it may take.
const mostForms = 12, mostFields = 80, longest = 4000;
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const fields = page.all("input, select, textarea, [role=combobox], [role=radiogroup], [role=textbox]")
  .filter((one) => !/^(hidden|submit|button|image|reset)$/.test(one.type) && one.type !== "search" && page.exposed(one) &&
    (page.visible(one) || /^(checkbox|radio)$/.test(one.type) && [...(one.labels || [])].some((label) => page.visible(label))));
if (!fields.length) return [];

const ownerOf = (one) => one.closest("form, [role=form]") || (one.form ?? null);
const referred = (one, attribute) => (one.getAttribute(attribute) || "").split(/\s+/).filter(Boolean).slice(0, 5)
  .map((id) => one.getRootNode().getElementById?.(id)).filter(Boolean);
const said = (one) => clean([
  ...[...(one.labels || [])].map((label) => label.innerText), ...referred(one, "aria-labelledby").map((other) => other.innerText),
  one.getAttribute("aria-label"), one.placeholder, one.title,
  ...referred(one, "aria-describedby").map((other) => other.innerText),
].filter(Boolean).join(" "));
// A mark that is drawn by a style sheet is seen as well.
const drawn = (one) => [...(one.labels || [])].flatMap((label) => [label, ...label.querySelectorAll("span, abbr, strong, em")]).slice(0, 12)
  .flatMap((part) => ["::before", "::after"].map((which) => {
    const { content, backgroundImage, maskImage } = getComputedStyle(part, which);
    const isPicture = content !== "none" && content !== "normal" && `${backgroundImage}${maskImage}` !== "nonenone";
    return `${content}${isPicture && /required|verplicht|asterisk|mandatory/i.test(`${part.className} ${backgroundImage} ${maskImage}`) ? " required" : ""}`;
  })).join(" ");
const groupOf = (one) => one.closest("fieldset, [role=group], [role=radiogroup]");
const aboutGroup = (one) => {
  const group = groupOf(one);
  return group ? clean([group.querySelector("legend")?.innerText, group.getAttribute("aria-label"), ...referred(group, "aria-labelledby").map((other) => other.innerText)].filter(Boolean).join(" ")) : "";
};
// Radio buttons of one name are one question, and so are the boxes of one group.
const question = (one) => one.type === "radio" && one.name ? `radio ${one.name}` : one.type === "checkbox" && groupOf(one) ? groupOf(one) : one.matches("input[type=radio]") ? groupOf(one) || one : one;
const isPart = (one) => one.matches("[role=combobox]") && one.querySelector("input") || one.matches("[role=radiogroup]") && one.querySelector("input");

const forms = new Map();
for (const one of fields) {
  if (isPart(one)) continue;
  const owner = ownerOf(one);
  if (!forms.has(owner)) {
    if (forms.size >= mostForms) continue;
    forms.set(owner, []);
  }
  if (forms.get(owner).length < mostFields) forms.get(owner).push(one);
}
const STEPS = "ol, ul, nav, [role=list], [role=tablist]";
return [...forms].map(([owner, inside]) => {
  const whole = owner || document.querySelector("main") || document.body;
  const around = owner?.closest("main, [role=main], article, section") || document.querySelector("main") || document.body;
  const buttons = page.all("button, input[type=submit], input[type=button], input[type=reset], [role=button], a[class*=btn i], a[class*=button i]")
    .filter((one) => page.visible(one) && (whole.contains(one) || one.form === owner && owner) &&
      !one.closest("[aria-roledescription], [role=grid], [class*=carousel i], [class*=slider i], [class*=swiper i], [class*=pager i], [class*=pagination i], [class*=calendar i], [class*=datepicker i]")).slice(0, 30);
  const lists = [...around.querySelectorAll(STEPS)].filter((one) => page.visible(one) && !one.contains(inside[0]) && !one.matches("[role=tablist]") &&
    /\b\w*(step|stap|wizard|voortgang|progress)\w*\b/i.test(`${one.getAttribute("class") || ""} ${one.id} ${one.parentElement.getAttribute("class") || ""} ${one.getAttribute("aria-label") || ""}`) &&
    one.querySelectorAll("li, [role=listitem]").length > 1).slice(0, 2);
  const bar = around.querySelector("progress, [role=progressbar], meter");
  return {
    isSearch: whole.getAttribute("role") === "search" || whole.closest("[role=search], search") !== null,
    hasSecret: inside.some((one) => one.type === "password"),
    method: (owner?.getAttribute("method") || "get").toLowerCase(),
    text: clean(around.innerText).slice(0, longest),
    title: clean(document.title).slice(0, 200),
    element: page.place(inside[0]),
    questions: new Set(inside.map(question)).size,
    buttons: buttons.map((one) => ({ name: clean(one.innerText || one.value || one.getAttribute("aria-label")).slice(0, 80), type: one.type || "", element: page.place(one) })),
    lists: lists.map((one) => ({
      hasCurrent: one.querySelector("[aria-current]") !== null || one.matches("[aria-current]"),
      hasMark: [...one.querySelectorAll("li, [role=listitem]")].some((item) => /\b\w*(current|active|actief|huidig|is-?on)\w*\b/i.test(`${item.getAttribute("class") || ""} ${item.firstElementChild?.getAttribute("class") || ""}`)),
      text: clean(one.innerText + " " + [...one.querySelectorAll("[class*=hidden i], [class*=sr-only i], .visually-hidden")].map((part) => part.textContent).join(" ")).slice(0, 1000),
      element: page.place(one),
    })),
    bar: bar !== null && page.visible(bar),
    fields: inside.map((one) => ({
      label: clean([...(one.labels || [])].map((label) => label.innerText).join(" ") || one.getAttribute("aria-label") || aboutGroup(one)).slice(0, 120),
      said: said(one).slice(0, 600), drawn: drawn(one).slice(0, 200), group: aboutGroup(one).slice(0, 200),
      type: one.localName === "input" ? one.type : one.localName,
      required: one.required === true || one.getAttribute("aria-required") === "true",
      element: page.place(one),
    })),
  };
});
