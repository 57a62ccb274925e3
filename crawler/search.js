// Lies ready in the isolated world of every document: finds the search field, its button, and the list of results.
globalThis.vierluikSearch = (() => {
  const mostElements = 50000, mostLinks = 3000, mostItems = 50, mostText = 20000;
  const word = /zoek|search|trefwoord|\bvind/i;
  const fieldName = /^(q|s|qs|query|keys?|keywords?|terms?|text|search|searchterm|searchword|search_api_fulltext|zoek|zoeken|zoekterm|zoekwoord|zoekwoorden|zoekopdracht|zoekvraag|zoektekst|trefwoord|trefwoorden|tx_\w+\[q\])$/i;
  const otherField = /postcode|straat|huisnummer|adres|e-?mail|telefoon|kenteken|\bnaam\b|filter|op deze pagina|in deze (lijst|tabel)/i;
  const landmark = "nav,footer,aside,[role=navigation],[role=contentinfo],[role=complementary],[role=search],search";
  const aroundResults = /facet|filter|pagin|breadcrumb|kruimel|sorte|suggest|related|gerelateerd|populair/i;
  const turnsPage = /^(\d+|volgende|vorige|next|previous|eerste|laatste|[«»‹›<>…\s]+)$/i;

  const clean = (text, most = 200) => String(text ?? "").slice(0, 20 * most).replace(/\s+/g, " ").trim().slice(0, most);
  const up = (element) => element.parentElement ?? (element.getRootNode().host || null);
  const within = (element, selector) => {
    for (let one = element; one; one = up(one)) if (one.matches(selector)) return one;
    return null;
  };
  const roots = () => {
    const found = [document];
    let elements = 0;
    for (let i = 0; i < found.length && elements < mostElements; i++) {
      const all = found[i].querySelectorAll("*");
      elements += all.length;
      if (all.length < mostElements) for (const one of all) if (one.shadowRoot) found.push(one.shadowRoot);
    }
    return found;
  };
  const every = (selector) => roots().flatMap((root) => [...root.querySelectorAll(selector)]).slice(0, mostLinks);
  const find = (path) => {
    let root = document, element = null;
    for (const part of path.split(" >>> ")) {
      try { element = root?.querySelector(part) ?? null; } catch { return null; }
      root = element?.shadowRoot;
    }
    return element;
  };
  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > 0 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  // Ids and classes that a machine makes are others tomorrow.
  const isLasting = (name) => /^[a-z][\w-]*$/i.test(name) && !/\d{3}|[a-z]\d+[a-z]\d*|^ember|^react|^yui/i.test(name);
  const escaped = (name) => CSS.escape(name);

  // --- one element -----------------------------------------------------------------------------------------------

  const pathInRoot = (element) => {
    const root = element.getRootNode();
    const alone = (selector) => root.querySelectorAll(selector).length === 1;
    if (element.id && isLasting(element.id) && alone("#" + escaped(element.id))) return "#" + escaped(element.id);
    const name = element.getAttribute("name");
    const named = name && `${element.localName}[name="${escaped(name)}"]`;
    if (named && alone(named)) return named;
    const parent = element.parentElement;
    if (!parent) return element.localName;
    const alike = [...parent.children].filter((one) => one.localName === element.localName);
    const place = alike.length > 1 ? `:nth-of-type(${alike.indexOf(element) + 1})` : "";
    return `${pathInRoot(parent)} > ${element.localName}${place}`;
  };
  const pathOf = (element) => {
    const host = element.getRootNode().host;
    return (host ? pathOf(host) + " >>> " : "") + pathInRoot(element);
  };
  const nameOf = (element) => clean([
    element.getAttribute("aria-label"), element.getAttribute("title"), element.getAttribute("placeholder"), element.value && element.localName !== "input" ? "" : element.getAttribute("value"),
    element.textContent, ...(element.labels ? [...element.labels].map((label) => label.textContent) : []),
    ...[...element.querySelectorAll("img[alt],svg[aria-label]")].map((one) => one.getAttribute("alt") || one.getAttribute("aria-label")),
  ].join(" "));

  // --- the form --------------------------------------------------------------------------------------------------

  const submitOf = (field) => {
    const buttons = "button:not([type=button]):not([type=reset]),input[type=submit],input[type=image]";
    if (field.form) return field.form.querySelector(buttons);
    for (let one = up(field), steps = 0; one && steps < 4; one = up(one), steps++) {
      const near = [...one.querySelectorAll("button,[role=button],input[type=button],input[type=submit]")].find((button) => word.test(nameOf(button) + button.className));
      if (near) return near;
    }
    return null;
  };
  const score = (field) => {
    let sum = 0;
    const names = [field.name, field.id].filter(Boolean);
    if (field.type === "search" || field.getAttribute("role") === "searchbox") sum += 4;
    if (within(field, "[role=search],search")) sum += 5;
    if (names.some((name) => fieldName.test(name))) sum += 4;
    else if (names.some((name) => word.test(name)) || word.test(field.className)) sum += 2;
    const said = nameOf(field);
    if (word.test(said)) sum += 3;
    const form = field.form, button = submitOf(field);
    if (form && word.test(`${form.getAttribute("action")} ${form.id} ${form.className}`)) sum += 2;
    if (button && word.test(nameOf(button))) sum += 2;
    if (otherField.test(`${said} ${names.join(" ")} ${field.autocomplete}`)) sum -= 6;
    if (form && form.querySelector("input[type=password],input[type=email],input[type=tel],input[type=file],textarea")) sum -= 6;
    return isShown(field) ? sum + 1 : sum;
  };
  const openersOf = (field) => {
    const controls = field
      ? every("[aria-controls]").filter((one) => one.getAttribute("aria-controls").split(/\s+/).some((id) => id && one.getRootNode().getElementById?.(id)?.contains(field)))
      : [];
    const details = field && within(field, "details:not([open])");
    const named = every("button,[role=button],summary,a[href^='#'],a:not([href]),label[for]").filter((one) =>
      word.test(`${nameOf(one)} ${one.id} ${one.className?.baseVal ?? one.className}`) && !(field?.form && field.form.contains(one)) && one.control !== field);
    const all = [...controls, ...(details ? [details.querySelector("summary")] : []), ...named].filter((one) => one && isShown(one));
    return [...new Set(all)].slice(0, 3).map(pathOf);
  };
  const forms = () => {
    const fields = every("input:not([type]),input[type=text],input[type=search],[role=searchbox]")
      .filter((field) => !field.disabled && !field.readOnly)
      .map((field) => ({ field, score: score(field) })).filter((one) => one.score >= 4).sort((one, other) => other.score - one.score);
    return JSON.stringify({
      fields: fields.slice(0, 3).map(({ field, score }) => ({
        path: pathOf(field), score, shown: isShown(field), posts: field.form?.method === "post", openers: isShown(field) ? [] : openersOf(field) })),
      openers: fields.length ? [] : openersOf(null),
      pages: [...new Set(every("a[href]").filter((link) => /^https?:$/.test(link.protocol) && (word.test(clean(link.textContent)) || /\/(zoek|search)/i.test(link.pathname))).map((link) => link.href.split("#")[0]))].slice(0, 5),
    });
  };
  const press = (path) => { const one = find(path); one?.click(); return Boolean(one); };
  const enter = (path) => {
    const field = find(path);
    if (!field) return "gone";
    if (!isShown(field)) return "hidden";
    if (field.form) field.form.target = "";  // here, not in a window of its own
    field.focus();
    field.select?.();
    return "ready";
  };
  const submit = (path) => {
    const field = find(path), button = field && submitOf(field);
    if (button) button.click();
    else field?.form?.requestSubmit();
  };

  // --- the results -----------------------------------------------------------------------------------------------

  const mains = () => {
    const found = every("main,[role=main]").filter(isShown);
    return found.length ? found : [document.body];
  };
  const isPart = (link, query) => {
    if (!/^https?:$/.test(link.protocol)) return false;
    if (link.href.split("#")[0] === location.href.split("#")[0]) return false;
    const text = clean(link.textContent) || clean(link.getAttribute("aria-label"));
    if (turnsPage.test(text)) return false;
    // Facets, sorting and further pages ask the same search again.
    if (link.origin + link.pathname === location.origin + location.pathname)
      for (const value of new URLSearchParams(link.search).values()) if (value.trim().toLowerCase() === query.toLowerCase()) return false;
    const head = within(link, "header,[role=banner]");
    if (head && !within(head, "main,[role=main],article,li,section,dialog,[role=dialog]")) return false;
    return !within(link, landmark);
  };
  const linkOf = (item, query) => {
    if (item.localName === "a") return isPart(item, query) ? item : null;
    const links = [...item.querySelectorAll("a[href]")].slice(0, 30).filter((link) => isPart(link, query));
    const inHeading = links.find((link) => link.closest("h1,h2,h3,h4,h5,h6,dt,[role=heading]") || link.querySelector("h1,h2,h3,h4,h5,h6,[role=heading]"));
    if (inHeading && item.contains(inHeading)) return inHeading;
    const around = up(item)?.localName === "a" && isPart(up(item), query) ? up(item) : null;
    return links.sort((one, other) => clean(other.textContent).length - clean(one.textContent).length)[0] ?? around;
  };
  const shownItems = (selector, query) => {
    let items;
    try { items = every(selector); } catch { return []; }
    const found = [];
    for (const item of items) {
      if (found.length >= mostItems) break;
      const link = isShown(item) && linkOf(item, query);
      if (link && !found.some((one) => one.item.contains(item))) found.push({ item, link });
    }
    return found;
  };
  const step = (element, classes) => element.localName + classes.slice(0, 2).map((one) => "." + escaped(one)).join("");
  const lasting = (element) => [...element.classList].filter(isLasting);
  const selectorOf = (items) => {
    const shared = lasting(items[0]).filter((name) => items.every((item) => item.classList.contains(name)));
    let selector = step(items[0], shared), parent = items[0].parentElement;
    for (let level = 0; parent && level < 4 && parent !== document.body; level++, parent = parent.parentElement) {
      const hasId = parent.id && isLasting(parent.id);
      selector = (hasId ? "#" + escaped(parent.id) : step(parent, lasting(parent))) + " > " + selector;
      if (hasId || parent.matches("main,[role=main]")) break;
    }
    return selector;
  };
  // The parts of a page that are built alike and each have a link of their own; the ones most like results come first.
  const bestGroup = (query, known) => {
    const groups = new Map();
    const top = mains();
    const take = (inMain) => {
      for (const link of every("a[href]")) {
        if (inMain && !top.some((main) => main.contains(link) || within(link, "main,[role=main]") === main)) continue;
        if (known.has(link.href.split("#")[0]) || !isPart(link, query) || !isShown(link)) continue;
        for (let item = link, steps = 0; item.parentElement && steps < 8 && !top.includes(item); item = item.parentElement, steps++) {
          const key = item.parentElement;
          if (!groups.has(key)) groups.set(key, new Map());
          const kinds = groups.get(key);
          if (!kinds.has(item.localName)) kinds.set(item.localName, new Set());
          kinds.get(item.localName).add(item);
        }
      }
    };
    take(true);
    if (!groups.size && top[0] !== document.body) take(false);
    let best = null, most = 0;
    for (const [parent, kinds] of groups) for (const items of kinds.values()) {
      if (items.size < 2) continue;
      const all = [...items], links = all.map((item) => linkOf(item, query)).filter(Boolean);
      const number = new Set(links.map((link) => link.href)).size;
      if (number < 2) continue;
      const share = (test) => all.filter(test).length / all.length;
      let quality = 1 + 2 * share((item) => item.querySelector("h2,h3,h4,h5,dt") || item.matches("dt,tr,article")) + share((item) => clean(item.textContent).length > 60);
      const names = [];
      for (let one = parent, levels = 0; one && levels < 3 && !one.matches("main,[role=main],body"); one = up(one), levels++) names.push(one.id, one.className, one.getAttribute("aria-label"));
      if (/result|zoek|search|hits|treffer/i.test(names.join(" "))) quality += 2;
      if (aroundResults.test(names.join(" "))) quality *= 0.2;
      if (share((item) => /\(\d+\)\s*$/.test(clean(item.textContent))) > 0.6) quality *= 0.2;
      const points = Math.min(number, 20) * quality;
      if (points > most) [most, best] = [points, all];
    }
    return best && selectorOf(best);
  };
  const titleOf = (item, link) => {
    const heading = link.querySelector("h1,h2,h3,h4,h5,h6,[role=heading]");
    return clean((heading ?? link).textContent) || clean(link.getAttribute("aria-label")) || clean(item.textContent);
  };
  const results = (selector, query, known) => {
    const used = selector || bestGroup(query, new Set(known)) || "";
    const items = used ? shownItems(used, query) : [];
    let text = mains().map((main) => clean(main.innerText, mostText)).join(" ").slice(0, mostText);
    for (const { item } of items) text = text.replace(clean(item.innerText, mostText), " ");
    const [navigation] = performance.getEntriesByType("navigation");
    return JSON.stringify({
      selector: used, url: location.href, born: performance.timeOrigin, status: navigation?.responseStatus ?? 0,
      ready: document.readyState !== "loading", busy: Boolean(document.querySelector("[aria-busy=true]")),
      results: items.map(({ item, link }) => [link.href.slice(0, 8000), titleOf(item, link)]), text,
      links: selector ? [] : [...new Set(every("a[href]").map((link) => link.href.slice(0, 8000).split("#")[0]))].slice(0, 1000),
    });
  };
  return { forms, press, enter, submit, results };
})();
