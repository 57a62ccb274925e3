// Draws a frame round one element of a page that all probes are done with; gives the box to picture, in CSS pixels.
(path) => {
  const widest = 900, highest = 600, around = 60, line = 4;
  let element = null;
  try { element = document.querySelector(path); } catch { return ""; }
  if (!element || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return "";
  const box = element.getBoundingClientRect();
  if (!box.width || !box.height) return "";
  if (!document.getElementById("vierluik-mask")) {
    const mask = document.createElement("style");
    mask.id = "vierluik-mask";
    mask.textContent = "input, textarea, [contenteditable] { -webkit-text-security: disc !important } ::-webkit-scrollbar { display: none }";
    document.documentElement.append(mask);
  }
  const frame = document.createElement("div");
  frame.id = "vierluik-frame";
  const left = Math.max(box.left + scrollX - line, 0), top = Math.max(box.top + scrollY - line, 0);
  const style = { position: "absolute", left: left + "px", top: top + "px", width: box.width + 2 * line + "px",
    height: box.height + 2 * line + "px", border: `${line}px solid #c8102e`, outline: "2px solid #fff", "z-index": 2147483647,
    "box-sizing": "border-box", "pointer-events": "none", margin: 0, background: "none" };
  for (const [name, value] of Object.entries(style)) frame.style.setProperty(name, String(value), "important");
  document.documentElement.append(frame);
  const page = document.documentElement;
  const width = Math.min(Math.max(box.width + 2 * around, 480), widest, page.scrollWidth);
  const height = Math.min(Math.max(box.height + 2 * around, 200), highest);
  const x = Math.max(0, Math.min(left + Math.min(box.width, widest - 2 * around) / 2 - width / 2, page.scrollWidth - width));
  const y = Math.max(0, top - around);
  return JSON.stringify({ x, y, width, height: Math.min(height, Math.max(page.scrollHeight - y, 50)) });
}
