// Pictures that may hold words: by what they are called, how they are shaped, and what is drawn in them.
const fewestWords = 6, longestSide = 1200, mostDrawn = 12, mostMarks = 150;
const found = [];

// Where the ink stands in a picture on an even ground: line by line the columns [from, to] of its marks. Null: no such picture.
let drawn = 0;
const inkOf = (image) => {
  const { naturalWidth, naturalHeight } = image;
  if (++drawn > mostDrawn || naturalWidth < 60 || naturalHeight < 12) return null;
  const pixelsOf = (width, height) => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.fillStyle = "white";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(image, 0, 0, width, height);
    return pen.getImageData(0, 0, width, height).data;
  };
  const groundOf = (data) => {
    const counts = new Map();
    for (let i = 0; i < data.length; i += 4) {
      const colour = (data[i] >> 4 << 8) | (data[i + 1] >> 4 << 4) | (data[i + 2] >> 4);
      counts.set(colour, (counts.get(colour) || 0) + 1);
    }
    const [colour, count] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
    return { share: (count * 4) / data.length, red: (colour >> 8 << 4) + 8, green: ((colour >> 4 & 15) << 4) + 8, blue: ((colour & 15) << 4) + 8 };
  };
  try {
    if (groundOf(pixelsOf(64, 64)).share < 0.4) return null; // a photo
    const scale = Math.min(1, longestSide / Math.max(naturalWidth, naturalHeight));
    const width = Math.round(naturalWidth * scale), height = Math.round(naturalHeight * scale);
    const data = pixelsOf(width, height), ground = groundOf(data);
    if (ground.share < 0.4) return null;
    const ink = (x, y) => {
      const i = (y * width + x) * 4;
      return Math.abs(data[i] - ground.red) + Math.abs(data[i + 1] - ground.green) + Math.abs(data[i + 2] - ground.blue) > 150;
    };
    const runs = (length, has) => {
      const list = [];
      for (let at = 0, from = -1; at <= length; at++) {
        const is = at < length && has(at);
        if (is && from < 0) from = at;
        if (!is && from >= 0) { list.push([from, at]); from = -1; }
      }
      return list;
    };
    const rows = runs(height, (y) => { for (let x = 0; x < width; x++) if (ink(x, y)) return true; return false; });
    return rows.slice(0, 60).map(([top, bottom]) => ({
      height: bottom - top,
      marks: runs(width, (x) => { for (let y = top; y < bottom; y++) if (ink(x, y)) return true; return false; }).slice(0, mostMarks),
    }));
  } catch {
    return null; // of another origin
  }
};
// How wide the words of a name are in some common letters.
const widthsOf = (name) => {
  const pen = page.once("a pen", () => document.createElement("canvas").getContext("2d"));
  return ["20px sans-serif", "bold 20px sans-serif", "20px serif"].map((font) => {
    pen.font = font;
    return name.split(" ").map((word) => Math.round(pen.measureText(word).width));
  });
};
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const nameOf = (address) => (/^data:/i.test(address) ? "" : decodeURI(address.split(/[?#]/)[0].split("/").pop() || "").slice(0, 100));
const sourceOf = (address) => {
  const source = address.slice(address.indexOf(",") + 1);
  try {
    return /^data:[^,]*;base64/i.test(address) ? atob(source) : decodeURIComponent(source);
  } catch {
    return "";
  }
};
const wordsIn = (address) => {
  if (!/^data:image\/svg\+xml/i.test(address) || address.length > 50000) return "";
  const source = sourceOf(address);
  return clean([...source.matchAll(/<(?:text|tspan)\b[^>]*>([^<]+)/gi)].map((match) => match[1]).join(" ")).slice(0, 200);
};
const add = (one, kind, address) => {
  const { width, height } = one.getBoundingClientRect();
  const inLink = one.closest("a");
  const alt = clean(one.getAttribute("alt") || one.getAttribute("aria-label")).slice(0, 300);
  const words = wordsIn(address);
  const ink = kind === "image" && !words && alt.split(" ").length >= fewestWords && one.complete ? inkOf(one) : null;
  found.push({
    one, kind, file: nameOf(address), words, alt, ink, widths: ink ? widthsOf(alt) : [],
    onlyWords: Boolean(words) && !/<(path|image|use|polygon|polyline|line|circle|ellipse|foreignObject|script|animate)\b/i.test(sourceOf(address)),
    aside: one.closest("header, footer, nav, [role=banner], [role=contentinfo], a[href='/']") !== null,
    width: Math.round(width), height: Math.round(height),
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
const isWorthALook = (one) => one.words || one.ink || one.kind === "button" || /text|tekst|quote|citaat|poster|flyer|slogan|wel[ck]om|uitnodiging|invitation|affiche|advertentie|infographic|button|knop|heading|title|titel/i.test(one.file);
return found.filter(isWorthALook).slice(0, 12).map(({ one, ...facts }) => ({ ...facts, element: page.target(one) }));
