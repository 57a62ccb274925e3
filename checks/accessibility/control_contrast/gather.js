// The colours that tell where a field is: its border, what fills it, and what lies around it.
const FIELD = "input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=number], input[type=url], input[type=search], " +
  "input[type=password], input[type=date], textarea, select";
const isClear = (colour) => colour === "transparent" || /, 0\)$|\/ 0\)$/.test(colour);
// The plain colour behind an element; null where a picture or something see-through is part of it.
const around = (element) => {
  for (let up = element.parentElement; up; up = up.parentElement) {
    const style = page.style(up);
    if (style.backgroundImage !== "none" || style.opacity !== "1" || style.filter !== "none") return null;
    if (!isClear(style.backgroundColor)) return style.backgroundColor;
    if (up !== element.parentElement && /absolute|fixed/.test(style.position)) return null;
  }
  return "rgb(255, 255, 255)";
};
const groups = new Map();
for (const field of page.all(FIELD).slice(0, 200)) {
  if (field.disabled || !page.visible(field) || !page.exposed(field)) continue;
  const style = page.style(field), outside = around(field);
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => ({ width: parseFloat(style[`border${side}Width`]), line: style[`border${side}Style`], colour: style[`border${side}Color`] }));
  const drawn = sides.filter((one) => one.width > 0 && !/none|hidden/.test(one.line) && !isClear(one.colour));
  const before = field.parentElement ? page.style(field.parentElement) : null;
  const fact = {
    outside, inside: isClear(style.backgroundColor) ? outside : style.backgroundColor, borders: [...new Set(drawn.map((one) => one.colour))],
    // Anything else that may show where the field is: a shadow, a picture, a frame around it, words in it.
    others: style.boxShadow !== "none" || style.backgroundImage !== "none" || style.outlineStyle !== "none" || style.opacity !== "1" ||
      /groove|ridge|inset|outset/.test(drawn.map((one) => one.line).join()) || (before !== null && field.parentElement.children.length === 1 && parseFloat(before.borderBottomWidth) > 0),
    words: Boolean(field.placeholder || field.value) || field.localName === "select",
  };
  const key = JSON.stringify(fact);
  if (!groups.has(key)) groups.set(key, []);
  groups.get(key).push(field);
}
return [...groups].slice(0, 10).map(([key, fields]) => ({ ...JSON.parse(key), elements: fields.slice(0, 5).map((field) => page.target(field)) }));
