// Pieces of text that style sheets show in another order than they are read out.
const containers = [];
const hasOrder = (one) => Number(page.style(one).order) !== 0;
for (const one of page.elements.slice(0, 20000)) {
  if (containers.length >= 40) break;
  const count = one.childElementCount;
  if (count < 2 || count > 60) continue;
  const style = page.style(one);
  if (!/flex|grid/.test(style.display)) continue;
  const isReversed = style.display.includes("flex") && style.flexDirection.endsWith("reverse");
  const children = [...one.children];
  const isOrdered = children.some(hasOrder);
  const isPlaced = style.display.includes("grid") &&
    children.some((child) => page.style(child).gridRowStart !== "auto" || page.style(child).gridColumnStart !== "auto");
  if (!isReversed && !isOrdered && !isPlaced) continue;
  if (!page.visible(one)) continue;
  const pieces = children.filter((child) => page.visible(child) && page.exposed(child)).map((child) => {
    const box = page.box(child);
    return { length: page.text(child).length, text: page.text(child).slice(0, 50), left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
  });
  containers.push({ element: page.place(one), pieces: pieces.slice(0, 30) });
}
return containers;
