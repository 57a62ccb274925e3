// Buttons with what they are called.
const buttons = page.all("button, [role=button], summary, input[type=submit], input[type=button], input[type=reset]")
  .filter((one) => page.visible(one) && page.exposed(one)).slice(0, 300);
if (!buttons.length) return null;
const described = (button) => (button.getAttribute("aria-describedby") || "").split(/\s+/).filter(Boolean)
  .map((id) => button.getRootNode().getElementById(id)?.textContent ?? "").join(" ").trim();
const nameOf = (button) => {
  const isPlain = button.localName === "button" && !button.firstElementChild && !button.hasAttribute("aria-label") && !button.hasAttribute("aria-labelledby");
  return (isPlain && button.textContent.replace(/\s+/g, " ").trim()) || page.name(button);
};
return buttons.map((button) => ({ button, name: nameOf(button).slice(0, 100) }))
  .map(({ button, name }) => ({
    name,
    description: name.length < 25 ? (described(button) + " " + (button.getAttribute("title") || "")).trim().slice(0, 200) : "",
    element: page.place(button),
  }));
