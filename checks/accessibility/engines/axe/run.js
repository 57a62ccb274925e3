// Wakes axe-core in this document's isolated world and defines how it is run and how its result is reduced to what a
// check needs. Results cross to Python as one string: a full result is forty times as large.
(() => {
  if (globalThis.vierluikAxe) return;
  // In a document that may not run scripts (sandbox) no timer ever goes off, and axe would wait for ever.
  if (globalThis.origin === "null" && location.protocol !== "file:")
    globalThis.setTimeout = (call, delay, ...given) => (Promise.resolve().then(() => call(...given)), 0);
  if (!globalThis.axe) globalThis.wakeAxe();
  vierluikContrastGroups.join(axe._audit.checks["color-contrast"]);
  const longest = 2000, mostNodes = 1000;
  const fewestForGroups = 3000, tooLargeForContrast = 15000, tooLargeForHeadings = 500000;
  const isPlain = !document.styleSheets.length && !document.adoptedStyleSheets.length;
  const dataOf = (node) => {
    const check = [...node.any, ...node.all, ...node.none].find((one) => one.id === "color-contrast");
    if (!check || !check.data) return {};
    const { fgColor, bgColor, contrastRatio, expectedContrastRatio } = check.data;
    return { fgColor, bgColor, contrastRatio, expectedContrastRatio };
  };
  const reduce = (results) => {
    const rules = {};
    // No style sheet locks the page to one position of the screen where there is none; axe would ask about every such page.
    const onOrientation = (rule) => rule.id === "css-orientation-lock";
    const needsStyles = (node) => node.target.length === 1 && !isPlain;
    for (const rule of results.incomplete.filter(onOrientation)) rule.nodes = rule.nodes.filter(needsStyles);
    results.inapplicable.push(...results.incomplete.filter((rule) => onOrientation(rule) && !rule.nodes.length));
    results.incomplete = results.incomplete.filter((rule) => !onOrientation(rule) || rule.nodes.length);
    for (const list of ["inapplicable", "passes", "incomplete", "violations"])
      for (const rule of results[list]) rules[rule.id] = list;
    const findings = [];
    for (const list of ["violations", "incomplete"])
      for (const rule of results[list])
        findings.push({
          rule: rule.id,
          list,
          total: rule.nodes.length,
          nodes: rule.nodes.slice(0, mostNodes).map((node) => ({
            target: node.target,
            ancestry: node.ancestry,
            html: node.html.slice(0, longest),
            impact: node.impact || rule.impact,
            data: dataOf(node),
          })),
        });
    return { version: results.testEngine.version, rules, findings };
  };
  // Rules that would take minutes here. axe compares every paragraph with all those beside it: the sum of squares.
  const size = document.getElementsByTagName("*").length;
  const left = (() => {
    const rules = [], beside = new Map();
    if (size > tooLargeForContrast) rules.push("color-contrast");
    for (const one of document.getElementsByTagName("p")) beside.set(one.parentNode, (beside.get(one.parentNode) || 0) + 1);
    if ([...beside.values()].reduce((sum, count) => sum + count * count, 0) > tooLargeForHeadings) rules.push("p-as-heading");
    return rules;
  })();
  const inGroups = async (run) => {
    if (size >= fewestForGroups) vierluikContrastGroups.begin();
    return run().finally(vierluikContrastGroups.end);
  };
  const settings = (options) => {
    for (const rule of left) options.rules = { ...options.rules, [rule]: { enabled: false } };
    return options;
  };
  const modal = [...document.querySelectorAll("dialog:modal")].pop();
  globalThis.vierluikAxe = {
    // A document without frames is done in one call; one with frames only says so.
    whole: async (options) => {
      if (document.querySelector("iframe, frame, object, embed")) return JSON.stringify({ left, framed: true });
      const result = reduce(await inGroups(() => axe.run(document, { ...settings(options), iframes: false })));
      return JSON.stringify({ left, framed: false, result });
    },
    frames: (context, options) => JSON.stringify({
      left,
      frames: axe.utils.getFrameContexts(context || document, options).map((frame) => {
        const element = axe.utils.shadowSelect(frame.frameSelector);
        // What lies under an open dialog is out of reach for as long as the dialog is open, and no longer.
        const out = element && (element.closest("[inert]") || (modal && !modal.contains(element)));
        const frameContext = out ? { ...frame.frameContext, focusable: true } : frame.frameContext;
        return { ...frame, frameContext, sandboxed: Boolean(element && element.hasAttribute("sandbox")) };
      }),
    }),
    frame: (selector) => axe.utils.shadowSelect(selector),
    partial: async (context, options) => JSON.stringify(await inGroups(() => axe.runPartial(context || document, settings(options)))),
    finish: async (partials, options) => JSON.stringify(reduce(await axe.finishRun(partials, options))),
  };
})()
