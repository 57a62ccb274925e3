// Frames that share a name with another one, and what they show as far as it can be read.
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();
const mostFrames = 60, longest = 4000;
const frames = page.all("iframe, frame").slice(0, mostFrames).filter((one) => page.exposed(one) && page.visible(one));
if (frames.length < 2) return [];
const named = frames.map((frame) => ({ frame, name: clean(page.name(frame)) })).filter((one) => one.name);
const count = new Map();
for (const { name } of named) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) || 0) + 1);
return named.map(({ frame, name }) => {
  const isShared = count.get(name.toLowerCase()) > 1;
  let inner = null;
  try { inner = isShared ? frame.contentDocument : null; } catch { inner = null; }
  const isHere = inner !== null && inner.body !== null && inner.URL !== "about:blank";
  return {
    name: name.slice(0, 200),
    address: isHere && inner.URL !== "about:srcdoc" ? inner.URL : frame.src || "",
    text: isHere ? clean(`${inner.title} ${inner.body.innerText}`).slice(0, longest) : null,
    element: page.target(frame),
  };
});
