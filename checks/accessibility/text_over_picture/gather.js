// Text that stands straight on one linear gradient or one picture: what is behind each character.
const mostTexts = 60, mostCharacters = 80, mostPictures = 6, mostPixels = 3e6, plain = (style) => style.backgroundImage === "none";
const seeThrough = (colour) => /^rgba\(.*, 0\)$/.test(colour);
const elements = document.getElementsByTagName("*");
const grounds = [], isPicture = /^url\("[^"]+"\)$/;
for (let i = 0; i < Math.min(elements.length, 20000); i++) {
  const element = elements[i];
  const style = page.style(element), image = style.backgroundImage;
  const isGradient = image.startsWith("linear-gradient(") && !image.includes("url(") && image.lastIndexOf("gradient(") < 10;
  if (!isGradient && !isPicture.test(image)) continue;
  const isWhole = (!isGradient || style.backgroundSize === "auto") && style.backgroundClip === "border-box" && style.backgroundAttachment === "scroll" &&
    style.backgroundBlendMode === "normal" && element.getClientRects().length === 1;
  if (isWhole) grounds.push(element);
}
const mixes = (style) => style.opacity !== "1" || style.filter !== "none" || style.mixBlendMode !== "normal" ||
  style.backdropFilter !== "none" || style.webkitTextStrokeWidth !== "0px" || style.textShadow !== "none" ||
  style.backgroundClip === "text" || style.transform !== "none";
const found = [];

// The background of an element as it is painted: its colours, and on them its picture. Null: a picture of another origin, or not there yet.
let pictures = 0;
const painted = (ground, style, under) => {
  const width = ground.clientWidth, height = ground.clientHeight;
  const picture = new Image();
  picture.src = JSON.parse(style.backgroundImage.slice(4, -1));
  if (++pictures > mostPictures || width * height > mostPixels || !width || !height || !picture.complete || !picture.naturalWidth) return null;
  if (style.backgroundOrigin !== "padding-box" || !/^(no-repeat|repeat)$/.test(style.backgroundRepeat)) return null;
  const sizes = style.backgroundSize.split(" "), { naturalWidth, naturalHeight } = picture;
  const scales = [width / naturalWidth, height / naturalHeight];
  let wide = naturalWidth, high = naturalHeight;
  if (/^(cover|contain)$/.test(sizes[0])) {
    const scale = sizes[0] === "cover" ? Math.max(...scales) : Math.min(...scales);
    wide *= scale;
    high *= scale;
  } else if (style.backgroundSize !== "auto") {
    const length = (text, whole) => (!text || text === "auto" ? null : parseFloat(text) * (text.endsWith("%") ? whole / 100 : text.endsWith("px") ? 1 : NaN));
    const [first, second] = [length(sizes[0], width), length(sizes[1], height)];
    wide = first ?? (second * naturalWidth) / naturalHeight;
    high = second ?? (first * naturalHeight) / naturalWidth;
  }
  const place = (text, rest) => parseFloat(text) * (text.endsWith("%") ? rest / 100 : text.endsWith("px") ? 1 : NaN);
  const left = place(style.backgroundPositionX, width - wide), top = place(style.backgroundPositionY, height - high);
  if (![wide, high, left, top].every(Number.isFinite) || wide < 1 || high < 1) return null;
  const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });
  for (const colour of ["white", ...[...under].reverse()]) {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, width, height);
  }
  const isRepeated = style.backgroundRepeat === "repeat";
  if (isRepeated && wide * high < 400) return null; // a pattern, which the eye smooths
  for (let y = isRepeated ? (top % high) - high : top; y < height; y += high)
    for (let x = isRepeated ? (left % wide) - wide : left; x < width; x += wide) {
      pen.drawImage(picture, x, y, wide, high);
      if (!isRepeated) { x = width; y = height; }
    }
  try {
    pen.getImageData(0, 0, 1, 1);
  } catch {
    return null;
  }
  return pen;
};
// The darkest and the lightest colour in a place.
const extremes = (pen, x, y, width, height) => {
  const { data } = pen.getImageData(Math.floor(x), Math.floor(y), Math.max(1, Math.ceil(width)), Math.max(1, Math.ceil(height)));
  let dark = null, light = null;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < 255) continue;
    const colour = [data[i], data[i + 1], data[i + 2]], weight = 2 * data[i] + 7 * data[i + 1] + data[i + 2];
    if (!dark || weight < dark.weight) dark = { colour, weight };
    if (!light || weight > light.weight) light = { colour, weight };
  }
  return dark ? [dark.colour, light.colour] : null;
};
// Nothing else may lie between: no layer of its own, nor one that CSS puts in.
const hasLayers = (ground) => ["::before", "::after"].some((one) => !/^(none|normal)$/.test(getComputedStyle(ground, one).content)) ||
  [...ground.querySelectorAll("*")].slice(0, 500).some((one) => /absolute|fixed|sticky/.test(page.style(one).position));

for (const ground of grounds) {
  const walker = document.createTreeWalker(ground, NodeFilter.SHOW_TEXT);
  const under = [];
  let isMixed = false;
  for (let up = ground; up; up = up.parentElement) {
    const style = page.style(up);
    isMixed = isMixed || mixes(style) || (up !== ground && !plain(style));
    under.push(style.backgroundColor);
    if (/^rgb\(/.test(style.backgroundColor)) break;
  }
  const style = page.style(ground), box = ground.getBoundingClientRect();
  if (isMixed || found.length >= mostTexts) continue;
  const isGradient = !isPicture.test(style.backgroundImage);
  const pen = isGradient || !/\p{L}{2}/u.test(ground.textContent) || hasLayers(ground) ? null : painted(ground, style, under);
  if (!isGradient && !pen) continue;
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
    const range = document.createRange(), points = [], behind = [];
    for (let i = 0; i < text.data.length && points.length < mostCharacters; i++) {
      if (!/\S/.test(text.data[i])) continue;
      range.setStart(text, i);
      range.setEnd(text, i + 1);
      const { left, top, width, height } = range.getBoundingClientRect();
      const x = left + width / 2, y = top + height / 2;
      // Only what is seen on the screen is surely on top of the gradient, and on nothing else.
      if (!width || document.elementFromPoint(x, y) !== element) continue;
      points.push([Math.round((x - origin.x) * 10) / 10, Math.round((y - origin.y) * 10) / 10]);
      if (pen) behind.push(extremes(pen, left - origin.x, top - origin.y, width, height));
    }
    const one = page.style(element);
    if (points.length)
      found.push({
        gradient: isGradient ? style.backgroundImage : "",
        behind,
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
