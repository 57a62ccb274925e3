// What of a whole page is to be pictured: masks what somebody filled in, shows what only loads when it is scrolled to, and gives
// the page's size and the boxes of elements, in CSS pixels.
({
  ready: async (longest) => {
    const maskIn = (root) => {
      if (!root.getElementById("vierluik-mask")) {
        const mask = (root.ownerDocument ?? root).createElement("style");
        mask.id = "vierluik-mask";
        mask.textContent = "input, textarea, [contenteditable] { -webkit-text-security: disc !important } ::-webkit-scrollbar { display: none }";
        (root.documentElement ?? root).append(mask);
      }
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) maskIn(element.shadowRoot);
        if (element.contentDocument?.documentElement) maskIn(element.contentDocument);
      }
    };
    maskIn(document);
    const page = document.scrollingElement ?? document.documentElement, end = Math.min(page.scrollHeight, longest);
    const step = Math.max(innerHeight, end / 15);
    for (let y = step; y < end; y += step) {
      scrollTo({ left: 0, top: y, behavior: "instant" });
      await new Promise((next) => setTimeout(next, 20));
    }
    scrollTo({ left: 0, top: 0, behavior: "instant" });
    return JSON.stringify([Math.max(page.scrollWidth, innerWidth), Math.max(page.scrollHeight, 1)]);
  },
  boxes: (targets) => {
    const box = ([frames, path]) => {
      let root = document, left = scrollX, top = scrollY;
      for (const frame of frames) {
        const element = root.querySelector(frame), place = element.getBoundingClientRect();
        left += place.left + element.clientLeft;
        top += place.top + element.clientTop;
        root = element.contentDocument;
      }
      const parts = path.split(" >>> ");
      for (const host of parts.slice(0, -1)) root = root.querySelector(host).shadowRoot;
      const element = root.querySelector(parts.at(-1));
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return null;
      const found = element.getBoundingClientRect();
      return found.width && found.height ? [found.left + left, found.top + top, found.width, found.height].map(Math.round) : null;
    };
    return JSON.stringify(targets.map((target) => { try { return box(target); } catch { return null; } }));
  },
})
