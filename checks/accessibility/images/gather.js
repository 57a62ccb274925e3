// Pictures with what they are called, what their file is called, and what stands around them.
const mostPictures = 300, longest = 400;
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const fileOf = (element) => {
  const address = element.currentSrc || element.src || element.getAttribute("data-src") || "";
  return address.startsWith("data:") ? "" : address.split(/[?#]/)[0].split("/").pop().slice(0, 150);
};
const isNamed = (element) => clean(element.getAttribute("aria-label")) !== "" || clean(element.getAttribute("aria-labelledby")) !== "";
const isRemoved = (element) => element.closest("[aria-hidden=true]") !== null || /^(none|presentation)$/.test(element.getAttribute("role") || "");

// A canvas that nothing was drawn on shows nothing. One that may not be read was drawn on.
let looked = 0;
const isBlank = (canvas) => {
  if (++looked > 20) return true;
  if (!canvas.width || !canvas.height) return true;
  if (canvas.width * canvas.height > 1000000) return false;
  try {
    const other = document.createElement("canvas");
    other.width = canvas.width;
    other.height = canvas.height;
    return canvas.toDataURL() === other.toDataURL();
  } catch {
    return false;
  }
};

const around = (element) => {
  const parent = element.closest("figure, li, td, p, div, section, article") || document.body;
  return parent ? page.text(parent).slice(0, longest) : "";
};
const pictures = [];
const hidden = [];
const bodyText = document.body ? page.text(document.body) : "";
for (const element of page.all("img, svg, canvas, [role=img], input[type=image]")) {
  if (pictures.length + hidden.length >= mostPictures) break;
  if (element.parentElement && element.parentElement.closest("svg")) continue;
  if (!page.visible(element)) continue;
  const box = page.box(element);
  const link = element.closest("a[href], button, [role=button], [role=link], label, summary");
  const caption = element.closest("figure")?.querySelector("figcaption");
  const fact = {
    kind: element.localName,
    file: fileOf(element),
    width: box.width,
    height: box.height,
    title: clean(element.getAttribute("title")).slice(0, 200),
    caption: caption ? page.text(caption).slice(0, longest) : "",
    inControl: link !== null,
  };
  const alternative = element.getAttribute("alt");
  const isPicture = /^(img|input)$/.test(element.localName);
  const hasName = isNamed(element) || (isPicture ? clean(alternative) !== "" : element.localName === "svg" && element.querySelector(":scope > title") !== null);
  if (hasName && !isRemoved(element)) {
    const name = isPicture && !isNamed(element) ? clean(alternative) : page.name(element);
    if (name) pictures.push({ ...fact, name, text: around(element), element: page.place(element) });
    continue;
  }
  const isDecorative = isRemoved(element) || (isPicture ? alternative !== null && clean(alternative) === "" : !hasName);
  if (!isDecorative || element.localName === "input" || element.localName === "img" && !element.naturalWidth) continue;
  if (!page.onScreen(element) || (element.localName === "canvas" && isBlank(element))) continue;
  const isLikely = fact.title || fact.caption || bodyText.length < 25 || fact.file;
  if (!isLikely) continue;
  hidden.push({
    ...fact,
    control: link ? clean(link.textContent + " " + (link.getAttribute("aria-label") || "")).slice(0, 200) : "",
    text: around(element), element: page.place(element),
  });
}
const backgrounds = [];
for (const element of page.all("div:empty, span:empty, a:empty, i:empty, figure:empty").slice(0, 300)) {
  if (backgrounds.length >= 30 || element.getAttribute("role") === "img" || element.closest("a[aria-label], button[aria-label]")) continue;
  const address = /url\(["']?([^"')]+)/.exec(page.style(element).backgroundImage);
  if (!address || address[1].startsWith("data:") || isNamed(element) || !page.visible(element)) continue;
  const { width, height } = page.box(element);
  backgrounds.push({ file: address[1].split(/[?#]/)[0].split("/").pop().slice(0, 150), width, height, text: around(element), element: page.place(element) });
}
return { words: bodyText.slice(0, 200), pictures, hidden, backgrounds };
