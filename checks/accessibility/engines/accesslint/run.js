// Runs AccessLint in this document and reduces what it says; it looks into open shadow roots, and not into frames.
(options) => {
  if (!globalThis.AccessLint) globalThis.wakeAccesslint();
  const mostPerRule = 1000;
  // To learn whether style of ::before can be read it puts an element on the page: here it reads that of the root instead.
  const { appendChild, removeChild } = Node.prototype, styleOf = globalThis.getComputedStyle;
  Node.prototype.appendChild = Node.prototype.removeChild = (node) => node;
  globalThis.getComputedStyle = (element, pseudo) =>
    styleOf.call(globalThis, element.isConnected ? element : document.documentElement, pseudo);
  let audit;
  try {
    audit = AccessLint.runAudit(document, { disabledRules: options.leave });
  } finally {
    Object.assign(Node.prototype, { appendChild, removeChild });
    globalThis.getComputedStyle = styleOf;
    AccessLint.clearAllCaches();
  }
  return vierluik.look((page) => {
    const rules = {}, findings = [], counts = {};
    for (const { ruleId } of audit.skippedRules) rules[ruleId] = "untested";
    for (const { ruleId, element, selector } of audit.violations) {
      // In a frame its selectors come all the way from the outermost document.
      const found = element || AccessLint.querySelectorShadowAware(selector.split(" >>>iframe> ").pop());
      counts[ruleId] = (counts[ruleId] || 0) + 1;
      if (!found || counts[ruleId] > mostPerRule) continue;
      rules[ruleId] = "failed";
      findings.push({ rule: ruleId, outcome: "failed", element: page.target(found) });
    }
    return { rules, findings };
  });
}
