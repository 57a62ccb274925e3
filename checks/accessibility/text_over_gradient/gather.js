// Text that stands straight on one linear gradient: the gradient as computed, and where on it each character stands.
const mostTexts = 60, mostCharacters = 80, plain = (style) => style.backgroundImage === "none";
const seeThrough = (colour) => /^rgba\(.*, 0\)$/.test(colour);
const elements = document.getElementsByTagName("*");
const gradients = [];
for (let i = 0; i < Math.min(elements.length, 20000); i++) {
  const element = elements[i];
  if (!page.style(element).backgroundImage.startsWith("linear-gradient(")) continue;
  const style = page.style(element);
  const isWhole = !style.backgroundImage.includes("url(") && style.backgroundImage.lastIndexOf("gradient(") < 10 &&
    style.backgroundSize === "auto" && style.backgroundClip === "border-box" && style.backgroundAttachment === "scroll" &&
    style.backgroundBlendMode === "normal" && element.getClientRects().length === 1;
  if (isWhole) gradients.push(element);
}
const mixes = (style) => style.opacity !== "1" || style.filter !== "none" || style.mixBlendMode !== "normal" ||
  style.backdropFilter !== "none" || style.webkitTextStrokeWidth !== "0px" || style.textShadow !== "none" ||
  style.backgroundClip === "text" || style.transform !== "none";
const found = [];
for (const ground of gradients) {
  const walker = document.createTreeWalker(ground, NodeFilter.SHOW_TEXT);
  const under = [];
  let isMixed = false;
  for (let up = ground; up; up = up.parentElement) {
    const style = page.style(up);
    isMixed = isMixed || mixes(style) || (up !== ground && !plain(style));
    under.push(style.backgroundColor);
    if (/^rgb\(/.test(style.backgroundColor)) break;
  }
  if (isMixed) continue;
  const style = page.style(ground), box = ground.getBoundingClientRect();
  const origin = { x: box.left + parseFloat(style.borderLeftWidth), y: box.top + parseFloat(style.borderTopWidth) };
  for (let text; found.length < mostTexts && (text = walker.nextNode()); ) {
    const element = text.parentElement;
    if (!/\p{L}{2}/u.test(text.data) || !page.visible(element) || !page.exposed(element)) continue;
    if (element.closest("button:disabled, [aria-disabled=true], fieldset:disabled, select, textarea, option")) continue;
    let isStraight = true;
    for (let up = element; up !== ground && isStraight; up = up.parentElement) {
      const one = page.style(up);
      isStraight = !mixes(one) && plain(one) && seeThrough(one.backgroundColor) && one.position === "static";
    }
    if (!isStraight) continue;
    const range = document.createRange(), points = [];
    for (let i = 0; i < text.data.length && points.length < mostCharacters; i++) {
      if (!/\S/.test(text.data[i])) continue;
      range.setStart(text, i);
      range.setEnd(text, i + 1);
      const { left, top, width, height } = range.getBoundingClientRect();
      const x = left + width / 2, y = top + height / 2;
      // Only what is seen on the screen is surely on top of the gradient, and on nothing else.
      if (!width || document.elementFromPoint(x, y) !== element) continue;
      points.push([Math.round((x - origin.x) * 10) / 10, Math.round((y - origin.y) * 10) / 10]);
    }
    const one = page.style(element);
    if (points.length)
      found.push({
        gradient: style.backgroundImage,
        width: ground.clientWidth || box.width,
        height: ground.clientHeight || box.height,
        under,
        colour: one.color,
        size: parseFloat(one.fontSize),
        weight: Number(one.fontWeight),
        points,
        element: page.target(element),
      });
  }
}
return found;
