// Pictures that may hold words: by what they are called, how they are shaped, and what is drawn in them.
const found = [];
const nameOf = (address) => (/^data:/i.test(address) ? "" : decodeURI(address.split(/[?#]/)[0].split("/").pop() || "").slice(0, 100));
const wordsIn = (address) => {
  if (!/^data:image\/svg\+xml/i.test(address) || address.length > 50000) return "";
  const source = address.slice(address.indexOf(",") + 1);
  try {
    const drawn = /^data:[^,]*;base64/i.test(address) ? atob(source) : decodeURIComponent(source);
    return [...drawn.matchAll(/<(?:text|tspan)\b[^>]*>([^<]+)/gi)].map((match) => match[1]).join(" ").replace(/\s+/g, " ").trim().slice(0, 200);
  } catch {
    return "";
  }
};
const add = (one, kind, address) => {
  const { width, height } = one.getBoundingClientRect();
  const inLink = one.closest("a");
  found.push({
    one, kind, file: nameOf(address), words: wordsIn(address), width: Math.round(width), height: Math.round(height),
    alt: (one.getAttribute("alt") || one.getAttribute("aria-label") || "").slice(0, 200),
    about: `${one.id} ${one.getAttribute("class") || ""} ${inLink ? inLink.getAttribute("class") || "" : ""}`.slice(0, 200),
  });
};
for (const one of page.all("img, input[type=image]").slice(0, 400))
  if (page.onScreen(one) && (one.currentSrc || one.src)) add(one, one.localName === "input" ? "button" : "image", one.currentSrc || one.src);
for (const one of page.elements.slice(0, 8000)) {
  if (found.length >= 500) break;
  if (one.firstElementChild && one.childElementCount > 2) continue;
  const image = page.style(one).backgroundImage;
  const match = image !== "none" && /url\("([^"]+)"\)/.exec(image);
  if (match && page.onScreen(one) && !one.textContent.trim()) add(one, "background", match[1]);
}
const isWorthALook = (one) => one.words || one.kind === "button" || /text|tekst|quote|citaat|poster|flyer|slogan|wel[ck]om|uitnodiging|invitation|affiche|advertentie|infographic|button|knop|heading|title|titel/i.test(one.file);
return found.filter(isWorthALook).slice(0, 12).map(({ one, ...facts }) => ({ ...facts, element: page.target(one) }));
