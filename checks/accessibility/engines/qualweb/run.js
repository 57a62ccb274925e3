// Runs some of QualWeb's ACT rules in this document. QualWeb marks every element with attributes of its own and goes into
// frames by itself: in this world the marks are kept beside the elements, and a frame is looked into in its own world.
(options) => {
  const mostElements = 20000, mostPerRule = 1000;
  if (document.getElementsByTagName("*").length > mostElements) throw new Error("too many elements for QualWeb");
  const own = Element.prototype, frame = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "contentWindow");
  const { setAttribute, getAttribute, removeAttribute } = own;
  const marks = new WeakMap(), isMark = (name) => name === "qw-selector" || name === "qw-css-rules" || name === "_documentSelector";
  const marksOf = (element) => marks.get(element) || (marks.set(element, new Map()), marks.get(element));
  own.setAttribute = function (name, value) {
    return isMark(name) ? void marksOf(this).set(name, value) : setAttribute.call(this, name, value);
  };
  own.getAttribute = function (name) {
    return isMark(name) ? marks.get(this)?.get(name) ?? null : getAttribute.call(this, name);
  };
  own.removeAttribute = function (name) {
    return isMark(name) ? void marks.get(this)?.delete(name) : removeAttribute.call(this, name);
  };
  Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", { configurable: true, get: () => null });
  let assertions;
  try {
    globalThis.wakeQualweb();
    const chosen = { include: options.rules };
    const runner = new ACTRulesRunner(chosen, { translate: {}, fallback: {} }).configure(chosen);
    assertions = runner.test({ sourceHtml: document.documentElement.outerHTML }).getReport().assertions;
  } finally {
    Object.assign(own, { setAttribute, getAttribute, removeAttribute });
    Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", frame);
  }
  const find = (pointer) => {
    try {
      return document.querySelector(pointer);
    } catch {
      return null;
    }
  };
  const outcomes = { failed: "failed", warning: "cantTell", passed: "passed", inapplicable: "inapplicable" };
  return vierluik.look((page) => {
    const rules = {}, findings = [];
    for (const rule of options.rules.filter((one) => assertions[one])) {
      const { metadata, results } = assertions[rule];
      rules[rule] = outcomes[metadata.outcome];
      const found = results.filter((one) => one.verdict === "failed" || one.verdict === "warning").slice(0, mostPerRule);
      for (const { verdict, elements } of found) {
        // A pointer into a shadow tree is no selector, and leads nowhere.
        const element = elements && elements[0] ? find(elements[0].pointer) : document.documentElement;
        if (element) findings.push({ rule, outcome: outcomes[verdict], element: page.target(element) });
      }
    }
    return { rules, findings };
  });
}
