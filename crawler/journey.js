// What a journey asks of the page that stands open. It lies in a world of our own: the page's scripts do not see it.
globalThis.vierluikJourney = (() => {
  const LIVE = "[role=alert], [role=status], [role=log], [role=alertdialog], [aria-live=polite], [aria-live=assertive], output";
  const CONTROLS = "a[href], button, summary, input:not([type=hidden]), select, textarea, [role=button], [role=link], [role=tab], [role=menuitem], [role=checkbox], [role=radio]";
  const DIALOGS = "dialog[open], [role=dialog], [role=alertdialog]";
  const mostRoots = 200;
  /** The document, the documents of frames of its own, and every open shadow root in them. */
  function roots() {
    const found = [document];
    for (let i = 0; i < found.length && found.length < mostRoots; i++) {
      for (const one of found[i].querySelectorAll("*")) {
        if (one.shadowRoot) found.push(one.shadowRoot);
        else if (one.localName === "iframe") {
          try { if (one.contentDocument?.body) found.push(one.contentDocument); } catch { /* of another origin */ }
        }
      }
    }
    return found;
  }
  const all = (selector) => roots().flatMap((root) => [...root.querySelectorAll(selector)]);
  const line = (text) => (text || "").replace(/\s+/g, " ").trim();
  const seen = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });

  function ids(one, attribute) {
    return line(one.getAttribute(attribute)).split(" ").filter(Boolean).map((id) => one.getRootNode().getElementById?.(id)).filter(Boolean);
  }

  function name(one) {
    const by = ids(one, "aria-labelledby").map((other) => other.innerText).join(" ");
    const button = ["submit", "button", "reset", "image"].includes(one.type) ? one.value || one.alt : "";
    const picture = one.querySelector?.("img[alt]:not([alt=''])")?.alt;
    return line(by || one.getAttribute("aria-label") || one.labels?.[0]?.innerText || button || one.innerText || picture ||
      one.placeholder || one.title || one.name).slice(0, 80);
  }

  function text() {
    return line(roots().map((root) => (root.body ? root.body.innerText : [...root.children].map((one) => one.innerText || "").join(" "))).join(" "));
  }

  function hash(words) {
    let number = 0;
    for (let i = 0; i < words.length; i++) number = (number * 31 + words.charCodeAt(i)) | 0;
    return number;
  }

  /** What shows that something has happened. */
  function mark() {
    const ready = performance.getEntriesByType("navigation")[0]?.domContentLoadedEventEnd > 0 || document.readyState === "complete";
    return { ready, url: location.href, born: performance.timeOrigin, html: hash(html()), busy: Boolean(document.querySelector("main[aria-busy=true]")) };
  }

  function facts() {
    const dialogs = all(DIALOGS).filter(seen);
    const named = (one) => line(one.getAttribute("aria-label") || ids(one, "aria-labelledby").map((other) => other.textContent).join(" ") || one.title);
    const fields = all("input, select, textarea").filter((one) => one.getRootNode() !== document || one.closest("main, form"))
      .filter((one) => !["hidden", "submit", "button", "image", "reset", "search"].includes(one.type) && seen(one));
    return {
      ...mark(),
      title: line(document.title).slice(0, 200),
      heading: line([...document.querySelectorAll("h1")].find(seen)?.innerText).slice(0, 200),
      text: text().slice(0, 40000),
      dialogs: dialogs.length,
      nameless: dialogs.filter((one) => !named(one)).length,
      fields: new Set(fields.map((one) => (one.type === "radio" ? `radio ${one.name}` : one))).size,
    };
  }

  /** The names of what can be clicked or filled in, with where they stand. */
  function candidates() {
    return all(CONTROLS).filter(seen).map(name).filter(Boolean).slice(0, 300);
  }

  function headings() {
    return all("h1, h2, [role=alert], .error, .fout").filter(seen).map((one) => line(one.innerText).slice(0, 80)).slice(0, 5);
  }

  /** Whether a screen reader says a text that has just appeared: in a live region, or where the focus is or is described by. */
  function announced(words) {
    const wanted = line(words).toLowerCase();
    const holds = (one) => line(one.innerText).toLowerCase().includes(wanted);
    const found = all("*").filter((one) => holds(one) && seen(one) && !one.matches("html, script, style") && ![...one.children].some(holds));
    let here = document.activeElement;
    for (let next = here; next; next = here.shadowRoot?.activeElement || inner(here)) here = next;
    const at = here && !here.matches("body, html") ? here : null;
    const described = at ? ["aria-describedby", "aria-errormessage", "aria-labelledby"].flatMap((attribute) => ids(at, attribute)) : [];
    return found.some((one) => one.closest(LIVE) !== null || [...(at?.labels || [])].some((label) => label.contains(one)) ||
      described.some((other) => other.contains(one) || one.contains(other)) ||
      (at && (at.contains(one) || one.contains(at))) ||
      (at && one.closest(DIALOGS)?.contains(at)) ||
      (at && (unfolds(at, one) || leadsTo(at, one))));
  }

  const inner = (one) => { try { return one.contentDocument?.activeElement; } catch { return null; } };

  /** What is pressed says that it is open now, and this is what it has opened. */
  function unfolds(at, one) {
    const summary = at.closest("summary");
    if (summary) return summary.parentElement.open && summary.parentElement.contains(one);
    const isOpen = ["aria-expanded", "aria-selected", "aria-pressed"].some((state) => at.getAttribute(state) === "true");
    const held = ids(at, "aria-controls");
    return isOpen && (held.length ? held.some((other) => other.contains(one)) : at.hasAttribute("aria-expanded"));
  }

  /** A script has put the focus at the beginning of what is new, and this comes after it in the same part. */
  function leadsTo(at, one) {
    const part = at.closest("main, [role=main], section, article, form, dialog, [role=dialog]") || at.getRootNode();
    return at.matches("[tabindex='-1']:not(input, select, textarea, button, a[href])") && part.contains(one) &&
      Boolean(at.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  const typed = () => all("input:not([type=hidden]), select, textarea")
    .filter((one) => !one.closest("[role=search], search") && !/\bzoek|search/i.test(`${one.name} ${one.id} ${name(one)}`))
    .filter((one) => seen(one) && !one.disabled && !one.readOnly && !["search", "submit", "button", "image", "reset", "password", "file"].includes(one.type));
  const isFilled = (one) => (["checkbox", "radio"].includes(one.type) ? one.checked : one.value !== "" && one.value !== one.defaultValue || Boolean(one.defaultValue));
  const keyOf = (one, number) => `${one.name || one.id || number}|${one.type}|${["checkbox", "radio"].includes(one.type) ? one.value : ""}`;

  /** The fields that stand open, with their questions and whether an answer stands there; never the answer. */
  function entries() {
    return typed().slice(0, 200).map((one, number) => ({
      key: keyOf(one, number), label: name(one), type: one.type || one.localName,
      group: line(one.closest("fieldset")?.querySelector("legend")?.innerText).slice(0, 100), filled: isFilled(one),
    }));
  }

  /** Where a field stands, as a verdict needs it; null: it does not, or nobody here can say. */
  function place(key) {
    if (!globalThis.vierluik && !globalThis.wakeVierluik) return null;
    globalThis.vierluik || wakeVierluik();
    const one = typed().find((other, number) => keyOf(other, number) === key);
    try { return one ? new vierluik.Page().target(one) : null; } finally { if (globalThis.axe && axe._tree) axe.teardown(); }
  }

  /** What of a form is filled in, and what stands there: to see whether it gets lost. */
  function filled() {
    const fields = all("input:not([type=hidden]), select, textarea")
      .filter((one) => seen(one) && !one.disabled && one.type !== "search");
    const value = (one) => (["checkbox", "radio"].includes(one.type) ? one.checked : one.value);
    const dialogs = all(`${DIALOGS}, [role=alert], [role=status], [aria-live]`).filter(seen);
    return {
      values: fields.map(value).filter((one) => one !== "" && one !== false).length,
      said: dialogs.map((one) => line(one.innerText)).join(" | ").slice(0, 2000),
    };
  }

  /** Whether a form of the page posts to this address: a window that it opens is no page to look at. */
  function posts(url) {
    return [...document.forms].some((form) => [form, ...form.elements].some((one) => {
      const method = one.getAttribute("formmethod") || form.getAttribute("method") || "get";
      return method.toLowerCase() === "post" && new URL(one.getAttribute("formaction") || form.getAttribute("action") || "", document.baseURI).href === url;
    }));
  }

  /** Source: WCAG 2.2 SC 1.4.12. No policy of the page forbids a style sheet that is no part of it. */
  function space() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  const html = () => roots().map((root) => (root === document ? document.documentElement?.outerHTML || "" : root.body ? root.body.innerHTML : root.innerHTML)).join("\n");
  return { mark, facts, candidates, headings, announced, filled, entries, place, posts, space, html };
})();
