// Links, and what stands around each: its own run of text, the paragraph, list item and cell, and what describes it.
const mostLinks = 1500, mostJudged = 300, longestName = 40, longestContext = 600;
const phrasing = new Set(("a abbr b bdi bdo button cite code data del dfn em font i img input ins kbd label mark picture q s samp " +
  "small span strong sub sup svg time u use var wbr br").split(" "));
const clean = (text) => text.replace(/\s+/g, " ").trim();
const rendered = (element) => element.checkVisibility({ visibilityProperty: true });

// The words of an element as they are read out: its text and the alternatives of its images.
const spoken = (element) => {
  if (!rendered(element)) return "";
  let text = page.text(element);
  let count = 0;
  for (const image of element.localName === "img" ? [element] : element.getElementsByTagName("img")) {
    if (image.alt) text += " " + image.alt;
    if (++count > 5) break;
  }
  return text;
};

// Most links hold plain text; only the others need the whole computation.
const special = "img, svg, canvas, object, input, [aria-label], [aria-labelledby], [aria-hidden], [title], [role]";
const nameOf = (link) => {
  const isPlain = !link.hasAttribute("aria-label") && !link.hasAttribute("aria-labelledby") && link.namespaceURI === "http://www.w3.org/1999/xhtml"
    && (!link.firstElementChild || !link.querySelector(special));
  const text = isPlain ? link.firstElementChild ? page.text(link) : clean(link.textContent) : "";
  return text || page.name(link);
};

// The text before and after the link up to the next block: the sentence or the paragraph without an element of its own.
const run = (link) => {
  let child = link;
  while (child.parentElement && phrasing.has(child.parentElement.localName)) child = child.parentElement;
  const side = (next) => {
    const found = [];
    let length = 0, breaks = 0, steps = 0;
    for (let node = child[next]; node && length < longestContext && steps < 200; node = node[next], steps++) {
      if (node.nodeType === 3) {
        if (node.data.trim()) breaks = 0;
        found.push(node.data);
        length += node.data.length;
      } else if (node.nodeType === 1) {
        if (!phrasing.has(node.localName)) break;
        if (node.localName === "br") {
          if (++breaks > 1) break;
        } else {
          breaks = 0;
          const text = spoken(node);
          found.push(text);
          length += text.length;
        }
      }
    }
    return found;
  };
  return [...side("previousSibling").reverse(), spoken(child), ...side("nextSibling")].join(" ");
};

const isHeader = (cell) => cell.localName === "th" || /^(rowheader|columnheader)$/.test(cell.getAttribute("role") || "");
const headersOf = (cell) => {
  const row = cell.parentElement;
  const table = cell.closest("table");
  if (!row || !table || !row.cells) return "";
  const found = [...row.cells].filter((one) => one !== cell && isHeader(one));
  for (const id of (cell.getAttribute("headers") || "").split(/\s+/).filter(Boolean)) found.push(cell.getRootNode().getElementById(id));
  for (const other of [...table.rows].slice(0, 3)) {
    const above = other.cells[cell.cellIndex];
    if (above && above !== cell && isHeader(above)) found.push(above);
  }
  return found.filter(Boolean).map((one) => page.text(one)).join(" ");
};

const contextOf = (link) => {
  const parts = [run(link)];
  for (let up = link.parentElement; up && up !== document.body; up = up.parentElement) {
    const role = up.getAttribute("role");
    if (/^(li|td|th|dd|dt|p|figure|caption)$/.test(up.localName) || /^(listitem|cell|gridcell|row|paragraph)$/.test(role)) parts.push(spoken(up));
    if (/^(td|th)$/.test(up.localName)) parts.push(headersOf(up));
    if (up.localName === "dd") {
      let term = up.previousElementSibling;
      while (term && term.localName === "dd") term = term.previousElementSibling;
      if (term) parts.push(page.text(term));
    }
    if (parts.join(" ").length > 2 * longestContext) break;
  }
  return clean(parts.join(" ")).slice(0, longestContext);
};

const describedBy = (link) => {
  const ids = (link.getAttribute("aria-describedby") || "").split(/\s+/).filter(Boolean).slice(0, 5);
  const texts = ids.map((id) => link.getRootNode().getElementById(id)?.textContent ?? "");
  return clean([link.getAttribute("aria-description") || "", link.getAttribute("title") || "", ...texts].join(" ")).slice(0, 300);
};

// The rest of the row in a table of data: a neighbour, but no header.
const rowOf = (link) => {
  const row = link.closest("tr");
  const table = row && row.closest("table");
  return table && !/^(presentation|none)$/.test(table.getAttribute("role") || "") && row.cells.length > 1 ? page.text(row).slice(0, 200) : "";
};

// What names the card or section that the link stands in: many hear it, but it is no part of the link's own context.
const headings = new Map();
const headingIn = (up) => {
  if (!headings.has(up)) {
    const heading = up.querySelector("h1, h2, h3, h4, h5, h6, [role=heading], legend, figcaption, summary");
    headings.set(up, clean(up.getAttribute("aria-label") || heading?.textContent || "").slice(0, 100));
  }
  return headings.get(up);
};
const headingNear = (link) => {
  let up = link.parentElement;
  for (let step = 0; up && step < 6 && up !== document.body && up.localName !== "main"; step++, up = up.parentElement) {
    if (headingIn(up)) return headingIn(up);
  }
  return "";
};

const lists = "ul, ol, dl, table, article, [role=list], [role=grid]";
const isAfterList = (link) => {
  for (let up = link, step = 0; up && step < 3 && up !== document.body; up = up.parentElement, step++) {
    const before = up.previousElementSibling;
    if (before && (before.matches(lists) || before.querySelector(lists))) return true;
  }
  return false;
};

const targetOf = (link) => {
  const reference = link.getAttribute("href") ?? link.getAttributeNS("http://www.w3.org/1999/xlink", "href");
  const script = reference === null && /location(?:\.href)?\s*=\s*(['"])(.+?)\1/.exec(link.getAttribute("onclick") || "");
  const written = reference ?? (script ? script[2] : null);
  if (written === null) return null;
  try {
    return new URL(written, document.baseURI).href;
  } catch {
    return written;
  }
};

const all = [];
const names = new Map();
for (const link of page.all("a[href], area[href], [role=link], svg a").slice(0, mostLinks)) {
  const role = link.getAttribute("role");
  if ((role && role !== "link") || !page.exposed(link) && link.localName !== "area") continue;
  const name = nameOf(link);
  if (!name) continue;
  const one = { link, name, target: targetOf(link) };
  all.push(one);
  const key = name.toLowerCase();
  names.set(key, (names.get(key) || new Set()).add(one.target));
}
if (!all.length) return null;

const links = [];
for (const { link, name, target } of all) {
  if (links.length >= mostJudged) break;
  const isShort = name.length <= longestName;
  const isShared = target !== null && names.get(name.toLowerCase()).size > 1;
  if (!isShort && !isShared) continue;
  const context = contextOf(link);
  const says = context.length > name.length + 160;
  if (says && !isShared) continue;
  links.push({
    name, target,
    context: isShared ? context : context.slice(0, 300),
    description: describedBy(link),
    heading: context.length < 2 * name.length + 20 ? headingNear(link) : "",
    row: rowOf(link),
    afterList: isShort && isAfterList(link),
    inNavigation: link.closest("nav, menu, [role=navigation], [role=menu], [role=menubar], [class*=breadcrumb i], [class*=menu i]") !== null,
    popup: link.hasAttribute("aria-expanded") || link.hasAttribute("aria-haspopup") || link.hasAttribute("aria-controls"),
    element: page.place(link),
  });
}

const raw = (link) => link.getAttribute("href") ?? "";
const picked = (test, most, more = () => ({})) => {
  const found = [];
  for (const [index, one] of all.entries()) {
    if (found.length >= most) break;
    if (test(one, index)) found.push({ name: one.name, target: one.target, description: describedBy(one.link), ...more(one.link), element: page.place(one.link) });
  }
  return found;
};
const neighbours = (first, second) => first.nextElementSibling === second
  || first.parentElement?.nextElementSibling === second.parentElement && first.parentElement?.childElementCount === 1;
const hasPicture = (link) => link.querySelector("img, svg, picture, canvas") !== null;
return {
  element: page.place(all[0].link),
  links,
  newWindow: picked(({ link }) => link.getAttribute("target") === "_blank", 100),
  files: picked(({ target }) => /^[^?#]*\.(pdf|docx?|xlsx?|pptx?|od[tsp]|csv|zip|mp3|mp4|rtf)([?#]|$)/i.test(target ?? ""), 100,
    (link) => ({ context: clean(run(link)).slice(0, 300) })),
  addresses: picked(({ name }) => /^(https?:\/\/|www\.)\S+$/i.test(name), 50),
  scripted: picked(({ link }) => link.localName === "a" && !link.hasAttribute("role") && /^(#|#!|javascript:.*)$/i.test(raw(link).trim()), 50),
  twins: picked((one, index) => {
    const next = all[index + 1];
    if (!next || one.target === null || next.target !== one.target || !neighbours(one.link, next.link)) return false;
    return hasPicture(one.link) !== hasPicture(next.link) || one.name === next.name;
  }, 50),
};
