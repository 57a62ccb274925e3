// What the fields of a page do when they get the focus, when they change, and when a form is sent empty.
const page = new vierluik.Page();
const DANGER = /\b(verwijder\w*|wissen|betaal\w*|betalen|afrekenen|bestel\w*|koop|doneer\w*|uitloggen|log[ -]?uit|afmelden|uitschrijven|opzeggen|annuleer\w*|delete|remove|erase|pay|checkout|buy|donate|order|log[ -]?(?:out|off)|sign[ -]?(?:out|off)|unsubscribe|cancel)\b/i;
// In a journey earlier answers may be waiting to be sent: what would send them is not pressed there, also by GET.
const SENDS = /\b(verstuur\w*|verzend\w*|versturen|indienen|dien in|insturen|onderteken\w*|bevestig\w*|send|submit|sign|confirm)\b/i;
const WARNED = /\b(automatisch|meteen|direct|ververst|opnieuw geladen|verder naar|automatically|immediately|reload\w*|refresh\w*|takes you|will open|opent)\b/i;
const nameOf = (element) => [element.innerText, element.type === "submit" || element.type === "button" ? element.value : "", element.getAttribute("aria-label"), element.title].filter(Boolean).join(" ").trim();
const labelOf = (element) => [...[...(element.labels || [])].map((label) => label.innerText), element.getAttribute("aria-label"), element.title].filter(Boolean).join(" ").replace(/\s+/g, " ").trim();
const usable = (element) => page.visible(element) && !element.disabled && !element.readOnly && element.tabIndex >= 0;
const fields = page.all("input:not([type=hidden]), select, textarea, button").filter(usable).slice(0, 25);
const changeable = page.all("select:not([multiple]), input[type=radio], input[type=checkbox]").filter(usable)
  .filter((one) => one.localName !== "select" || one.options.length > 1).slice(0, 6);
const TEXT = "input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=number], input[type=url], textarea";
const forms = page.all("form").filter((form) => {
  const texts = [...form.querySelectorAll(TEXT)].filter(usable);
  return texts.length > 0 && form.getAttribute("role") !== "search" && !form.querySelector("input[type=search], input[type=password], input[type=file]") &&
    !form.closest("[role=search], search") && (texts.length > 1 || texts.some(isRequired)) && texts.every((one) => !one.value);
}).slice(0, 2);
function isRequired(field) { return field.required || field.getAttribute("aria-required") === "true" || /\*|verplicht|required/i.test(labelOf(field)); }
const submitOf = (form) => [...form.querySelectorAll("button, input[type=submit], input[type=image]")].find((one) => one.type !== "reset" && one.type !== "button" && page.visible(one) && !one.disabled && !DANGER.test(nameOf(one)) && !(globalThis.vierluikJourney && SENDS.test(nameOf(one))));
let added = new Set(), texts = new Map();
const visibleTexts = () => {
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(), count = 0; node && count < 5000; node = walker.nextNode(), count++) {
    const text = node.data.replace(/\s+/g, " ").trim();
    if (text.length > 1 && node.parentElement && !node.parentElement.closest("script, style, noscript, template, option") && page.visible(node.parentElement)) found.set(node, text);
  }
  return found;
};
const LIVE = "[role=alert], [role=status], [role=log], [aria-live=polite], [aria-live=assertive], [role=alertdialog], [role=dialog], dialog, output";
const described = (field) => [...(field.getAttribute("aria-describedby") || "").split(/\s+/), ...(field.getAttribute("aria-errormessage") || "").split(/\s+/)]
  .filter(Boolean).map((id) => document.getElementById(id)).filter((one) => one && page.visible(one));
const finish = (make) => { try { return make(); } finally { if (globalThis.axe && axe._tree) axe.teardown(); } };
let form = null;
// Where a secret is typed in. What stands in an attribute is judged without touching it.
const secrets = page.all("input").filter((one) => (one.type === "password" || one.autocomplete === "one-time-code") && usable(one) && !one.hasAttribute("onpaste")).slice(0, 4);
// Fields whose answers have a form that can be wrong.
const WITH_A_FORM = /e-?mail|postcode|zip code|telefoon|phone|mobiel|datum|date|iban|rekeningnummer|kenteken|licence plate|bsn/i;
const typed = page.all(TEXT).filter((one) => usable(one) && !one.value && WITH_A_FORM.test(labelOf(one)) && !/repeat|herhaal/i.test(labelOf(one))).slice(0, 4);
const values = () => page.all("input").map((one) => one.value).join("\n");
const pasted = "Kortste7Dag";
return {
  secrets: () => secrets.length,
  // A script may cancel what pasting does, and then put the text in itself.
  paste: async (number) => {
    const field = secrets[number], data = new DataTransfer(), before = values();
    data.setData("text/plain", pasted);
    field.focus({ preventScroll: true });
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true, composed: true });
    field.dispatchEvent(event);
    await new Promise((done) => setTimeout(done, 80));
    const whole = field.form || document.querySelector("main") || document.body;
    const blocked = event.defaultPrevented && values() === before;
    if (!event.defaultPrevented) field.value = "";
    return finish(() => ({
      element: page.target(field), blocked, label: labelOf(field).slice(0, 60), token: field.autocomplete,
      about: [...whole.querySelectorAll("h1, h2, h3, legend, button, input[type=submit]")].slice(0, 20).map((one) => one.innerText || one.value).join(" ").slice(0, 500),
      text: page.text(whole), fresh: [...whole.querySelectorAll("input[type=password]")].filter((one) => usable(one) && one.maxLength !== 1).length,
    }));
  },
  typed: () => typed.length,
  type: (number) => {
    texts = visibleTexts();
    typed[number].scrollIntoView({ block: "center", behavior: "instant" });
    typed[number].focus();
    return document.activeElement === typed[number];
  },
  // What the page says of the answer "x" once the field is left.
  left: async (number) => {
    const field = typed[number];
    field.blur();
    await new Promise((done) => setTimeout(done, 200));
    return finish(() => {
      const fresh = [...visibleTexts()].filter(([node, text]) => texts.get(node) !== text).map(([node, text]) => ({ text, holder: node.parentElement }));
      const box = field.getBoundingClientRect();
      const near = fresh.filter(({ holder }) => {
        if (described(field).some((one) => one.contains(holder))) return true;
        const other = holder.getBoundingClientRect();
        return (Math.abs(other.top - box.bottom) < 60 || Math.abs(other.bottom - box.top) < 60) && other.left < box.right + 200 && other.right > box.left - 200;
      });
      const told = [labelOf(field), field.placeholder, field.title, ...described(field).filter((one) => !near.some(({ holder }) => one.contains(holder))).map((one) => one.innerText)];
      return near.length ? {
        element: page.target(near[0].holder), text: near.map(({ text }) => text).join(" ").slice(0, 200), field: labelOf(field).slice(0, 60),
        type: field.type, told: told.filter(Boolean).join(" ").slice(0, 400),
      } : null;
    });
  },
  counts: () => ({ fields: fields.length, changeable: changeable.length, forms: forms.length }),
  focus: async (number) => {
    document.activeElement?.blur();
    fields[number].focus({ preventScroll: true });
    await new Promise((done) => setTimeout(done, 40));
    return document.activeElement === fields[number];
  },
  field: (number) => finish(() => page.target(fields[number])),
  change: (number) => {
    const element = changeable[number];
    if (DANGER.test(labelOf(element))) return null;
    element.scrollIntoView({ block: "center", behavior: "instant" });
    element.focus();
    return element.localName === "select" ? "ArrowDown" : "Space";
  },
  changed: async (number) => {
    await new Promise((done) => setTimeout(done, 120));
    return finish(() => {
      const element = changeable[number];
      const about = labelOf(element) + " " + (element.getAttribute("aria-describedby") || "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id)?.innerText || "").join(" ");
      return { element: page.target(element), warned: WARNED.test(about), tag: element.localName, label: labelOf(element).slice(0, 60) };
    });
  },
  submit: (number) => {
    form = forms[number];
    const button = submitOf(form);
    if (!button) return null;
    texts = visibleTexts();
    button.scrollIntoView({ block: "center", behavior: "instant" });
    button.focus();
    const box = button.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2, native: !form.noValidate && !button.formNoValidate && [...form.elements].some((one) => one.willValidate && !one.validity.valid) };
  },
  answer: async () => {
    await new Promise((done) => setTimeout(done, 250));
    return finish(() => {
      const fresh = [...visibleTexts()].filter(([node, text]) => texts.get(node) !== text && ![...texts.values()].includes(text));
      const holders = [...new Set(fresh.map(([node]) => node.parentElement))];
      const all = fresh.map(([, text]) => text).join(" ").toLowerCase();
      const active = document.activeElement;
      const required = [...form.querySelectorAll(TEXT)].filter((one) => usable(one) && isRequired(one) && !one.value).slice(0, 10);
      return {
        form: page.target(form),
        fresh: fresh.length,
        words: all.slice(0, 200),
        element: holders[0] ? page.target(holders[0]) : null,
        announced: holders.length === 0 || holders.some((one) => one.closest(LIVE) || one === active || active?.contains(one) || one.contains(active) && active !== document.body) ||
          (active?.matches("input, select, textarea") && required.includes(active)),
        required: required.map((field) => {
          const label = labelOf(field).replace(/[*:]|\(?(verplicht|required)\)?/gi, "").replace(/\s+/g, " ").trim().toLowerCase();
          const box = field.getBoundingClientRect();
          return {
            element: page.target(field), label: label.slice(0, 60),
            marked: field.getAttribute("aria-invalid") === "true" || field.matches(":user-invalid"),
            told: described(field).some((one) => fresh.some(([node]) => one.contains(node))) || (label.length > 2 && all.includes(label)) ||
              holders.some((one) => { const other = one.getBoundingClientRect(); return Math.abs(other.top - box.bottom) < 60 || Math.abs(other.bottom - box.top) < 60; }),
          };
        }),
      };
    });
  },
};
