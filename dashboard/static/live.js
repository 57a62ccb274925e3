// A part of the screen that follows what is stored: the server tells its data-live address, this shows it. What changes every moment
// is only shown; what is read out is one sentence, when it becomes another. Without this file the link "Ververs" does the same.
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-live]")) {
    const shown = box.querySelector("[data-live-shown]");
    const said = box.querySelector("[role=status]");
    const source = new EventSource(box.dataset.live);
    let last;

    const show = (event) => {
      const { html, words } = JSON.parse(event.data);
      if (shown && !shown.contains(document.activeElement)) shown.innerHTML = html; // ours, and escaped where it was made
      if (said && last !== undefined && words !== last) said.textContent = words;
      last = words;
    };

    source.addEventListener("progress", show);
    source.addEventListener("end", (event) => {
      source.close();
      if ("liveReload" in box.dataset) location.reload();
      else show(event);
    });
    addEventListener("pagehide", () => source.close());
  }
})();
