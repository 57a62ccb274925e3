// Runs Alfa's rules over this document and reduces what they say. Alfa judges a copy: each node is led back to its own.
async (options) => {
  if (!globalThis.Alfa) globalThis.wakeAlfa();
  const mostElements = 20000, mostPerRule = 1000;
  if (document.getElementsByTagName("*").length > mostElements) throw new Error("too many elements for Alfa");
  const copy = await Alfa.Native.fromNode(document);
  // A frame is looked into by itself, in its own world.
  const without = (node) => {
    if (node.content) node.content = null;
    for (const child of [...(node.children || []), ...(node.shadow ? [node.shadow] : [])]) without(child);
  };
  without(copy);
  const device = Alfa.Device.standard();
  const tree = Alfa.Node.from(copy, device);
  const originals = new Map();
  const pair = (node, original) => {
    originals.set(node, original);
    const children = [...node.children()], own = [...original.childNodes];
    if (children.length === own.length) children.forEach((child, i) => pair(child, own[i]));
    const shadow = Alfa.Element.isElement(node) && original.shadowRoot ? node.shadow.getOr(null) : null;
    if (shadow) pair(shadow, original.shadowRoot);
  };
  pair(tree, document);
  const page = Alfa.Page.of(Alfa.Request.empty(), Alfa.Response.empty(), tree, device);
  const wanted = new Set(options.rules);
  const nameOf = (rule) => rule.uri.split("/").pop();
  // A target is a node, an attribute of one, or a group of them.
  const originalOf = (target) => {
    if (!target) return null;
    const node = originals.get(target) || originals.get(target.owner?.getOr?.(null));
    if (node) return node;
    return typeof target[Symbol.iterator] === "function" ? [...target].map((one) => originals.get(one)).find(Boolean) : null;
  };
  const { isFailed, isCantTell, isPassed } = Alfa.Outcome;
  const valueOf = (outcome) =>
    isFailed(outcome) ? "failed" : isCantTell(outcome) ? "cantTell" : isPassed(outcome) ? "passed" : "inapplicable";
  const rules = [...Alfa.Rules.values()].filter((rule) => wanted.has(nameOf(rule)));
  const outcomes = [...(await Alfa.Audit.of(page, rules).evaluate())].map((outcome) => ({
    rule: nameOf(outcome.rule),
    value: valueOf(outcome),
    original: originalOf(outcome.target),
  }));
  const worst = ["failed", "cantTell", "passed", "inapplicable"];
  return vierluik.look((look) => {
    const said = {}, findings = [], counts = {};
    for (const { rule, value, original } of outcomes) {
      if (!said[rule] || worst.indexOf(value) < worst.indexOf(said[rule])) said[rule] = value;
      if (value !== "failed" && value !== "cantTell") continue;
      counts[rule] = (counts[rule] || 0) + 1;
      if (counts[rule] > mostPerRule) continue;
      const element = !original || original.nodeType === 1 ? original : original.parentElement || original.getRootNode().host;
      findings.push({ rule, outcome: value, element: look.target(element || document.documentElement) });
    }
    return { rules: said, findings };
  });
}
