// Every table that is not said to be for layout: which cells belong to each header cell, and how it looks.
const mostTables = 60, mostCells = 4000;
const words = (cell) => (cell.textContent || "").replace(/\s+/g, " ").trim().slice(0, 200);

const kindOf = (cell) => {
  const role = (cell.getAttribute("role") || "").trim().toLowerCase();
  if (role === "columnheader") return "column";
  if (role === "rowheader") return "row";
  if (role || cell.localName !== "th") return "data";
  const scope = (cell.getAttribute("scope") || "").trim().toLowerCase();
  if (scope === "col" || scope === "colgroup") return "column";
  return scope === "row" || scope === "rowgroup" ? "row" : "auto";
};

// HTML, forming a table: the slots that each cell covers.
const placed = (rows) => {
  const cells = [], taken = rows.map(() => []);
  for (const [y, row] of rows.entries()) {
    let x = 0;
    for (const cell of row) {
      if (cells.length >= mostCells) return null;
      while (taken[y][x]) x++;
      const span = (name, most) => Math.min(parseInt(cell.getAttribute(name) || cell.getAttribute("aria-" + name) || "1", 10) || 0, most);
      const width = span("colspan", 1000) || 1;
      const wanted = cell.hasAttribute("rowspan") || cell.hasAttribute("aria-rowspan") ? span("rowspan", 65534) : 1;
      const height = Math.max(1, Math.min(wanted || rows.length - y, rows.length - y));
      for (let j = y; j < y + height; j++) for (let i = x; i < x + width && i < 2000; i++) taken[j][i] = true;
      const headers = (cell.getAttribute("headers") || "").trim().split(/\s+/).filter(Boolean);
      cells.push({ cell, x, y, width, height, kind: kindOf(cell), headers });
      x += width;
    }
  }
  // Ids that no other header cell of the table has point nowhere.
  const known = new Set(cells.filter((one) => one.kind !== "data").map((one) => one.cell.id));
  for (const one of cells) {
    const leads = one.headers.filter((id) => known.has(id) && id !== one.cell.id);
    one.dangling = one.headers.filter((id) => !leads.includes(id));
    one.headers = leads;
  }
  return cells;
};

const beside = (one, other) => other.y < one.y + one.height && one.y < other.y + other.height;
const inLine = (one, other) => other.x < one.x + one.width && one.x < other.x + other.width;

// HTML, internal algorithm for scanning and assigning header cells, seen from the header.
const direction = (header, cells) => {
  if (header.kind !== "auto") return header.kind;
  // An empty corner is no data.
  const data = cells.filter((one) => one.kind === "data" && (one.cell.textContent.trim() || one.cell.querySelector("img, svg, input, select, button")));
  if (!data.some((one) => beside(header, one))) return "column";
  return data.some((one) => inLine(header, one)) ? "both" : "row";
};
const belongs = (header, way, one) => {
  if (one === header) return false;
  if (one.headers.length) return one.headers.includes(header.cell.id);
  const below = inLine(header, one) && one.y >= header.y + header.height;
  const after = beside(header, one) && one.x >= header.x + header.width;
  return way === "column" ? below : way === "row" ? after : inLine(header, one) || beside(header, one);
};

const isBold = (cell) => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  let seen = 0;
  for (let text = walker.nextNode(); text && seen < 6; text = walker.nextNode()) {
    if (!text.data.trim()) continue;
    seen++;
    if (Number(page.style(text.parentElement).fontWeight) < 600) return false;
  }
  return seen > 0;
};
const background = (cell) => {
  for (const one of [cell, cell.parentElement, cell.parentElement.parentElement]) {
    const { backgroundColor } = page.style(one);
    if (backgroundColor !== "rgba(0, 0, 0, 0)") return backgroundColor;
  }
  return "";
};

const rowsOf = (table) => {
  if (table.localName === "table") return [...table.rows].map((row) => [...row.cells]);
  const own = (one) => one.parentElement.closest('[role="table"], [role="grid"], [role="treegrid"], table') === table;
  return [...table.querySelectorAll('[role="row"]')].filter(own).map((row) => [
    ...row.querySelectorAll('[role="cell"], [role="gridcell"], [role="columnheader"], [role="rowheader"]'),
  ]);
};

const tables = [];
for (const table of page.all('table, [role="table"], [role="grid"], [role="treegrid"]')) {
  if (tables.length >= mostTables) break;
  const role = table.getAttribute("role");
  if (role && !["table", "grid", "treegrid"].includes(role)) continue;
  // Rows that are drawn only when scrolled to, or that stand elsewhere: what is here is not the table.
  if (table.hasAttribute("aria-owns") || table.hasAttribute("aria-rowcount") || table.hasAttribute("aria-colcount")) continue;
  const rows = rowsOf(table);
  const cells = placed(rows);
  if (!cells || !cells.length || !page.exposed(table) || !page.visible(table)) continue;
  const columns = Math.max(...cells.map((one) => one.x + one.width));
  const headers = cells.filter((one) => one.kind !== "data").slice(0, 400).map((one) => {
    const way = direction(one, cells);
    return {
      text: words(one.cell),
      way,
      x: one.x, y: one.y, width: one.width, height: one.height,
      cells: cells.filter((other) => belongs(one, way, other)).length,
      exposed: page.exposed(one.cell),
      group: /group$/i.test(one.cell.getAttribute("scope") || ""),
    };
  });
  const caption = table.localName === "table" && table.caption;
  const facts = {
    element: page.place(table),
    rows: rows.length, columns, headers,
    data: cells.filter((one) => one.kind === "data").length,
    native: table.localName === "table",
    caption: caption ? words(caption) : "",
    // Of each cell that names what is not there, whether it names a header as well.
    dangling: cells.filter((one) => one.dangling.length && page.exposed(one.cell)).slice(0, 100).map((one) => one.headers.length > 0),
    headersUsed: cells.some((one) => one.headers.length),
    related: cells.some((one) => one.headers.length || one.dangling.length || one.cell.hasAttribute("scope")),
    firstRow: rows[0].slice(0, 12).map((cell) => ({ text: words(cell), columns: Number(cell.colSpan) || 1 })),
    secondRowHeaders: cells.filter((one) => one.y === 1).every((one) => one.kind !== "data"),
  };
  if (!headers.length && facts.native && rows.length >= 3 && columns >= 2 && rows.length < 500) {
    const blocks = "table, form, input, select, textarea, h1, h2, h3, h4, h5, h6, iframe, video, article, section, nav, form, pre";
    facts.look = {
      isNested: Boolean(table.parentElement && table.parentElement.closest("table")),
      hasBlocks: Boolean(table.querySelector(blocks)),
      images: table.querySelectorAll("img, svg, canvas").length,
      rows: rows.slice(0, 8).map((row) => row.slice(0, 12).map((cell) => ({
        length: (cell.textContent || "").trim().length,
        bold: isBold(cell),
        background: background(cell),
        border: ["Top", "Right", "Bottom", "Left"].some((side) => parseFloat(page.style(cell)[`border${side}Width`]) > 0),
      }))),
      widths: rows.map((row) => row.length).slice(0, 60),
    };
  }
  tables.push(facts);
}
return tables;
