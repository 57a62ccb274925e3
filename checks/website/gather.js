// What a page says of itself to machines, what it loads from where, and how heavy and quick it was here; once for this area.
if (window !== window.top || !document.documentElement) return null;
const mostInsecure = 50, mostHosts = 100, mostAlternates = 50;
const short = (text) => (text || "").slice(0, 500);

// Mixed content: a page that is trusted on its way asks for something that is not (W3C Mixed Content, "a priori insecure").
const trustworthy = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/i;
const insecure = (url) => /^http:/i.test(url) && !trustworthy.test(url);
const refers = { link: "href", object: "data", form: "action" };
const asked = "script[src], iframe[src], frame[src], embed[src], object[data], img[src], audio[src], video[src], source[src], " +
  "track[src], link[href], form[action]";
const mixed = [];
if (isSecureContext)
  for (const element of page.all(asked)) {
    if (mixed.length >= mostInsecure) break;
    const kind = element.localName;
    if (kind === "link" && !/\b(stylesheet|preload|modulepreload|manifest)\b/i.test(element.rel)) continue;
    const name = refers[kind] ?? "src";
    let url = "";
    try { url = new URL(element.getAttribute(name), document.baseURI).href; } catch { continue; }
    if (insecure(url)) mixed.push({ kind, url: short(url), element: page.target(element) });
  }

// What the page itself asks of browsers; a policy outside the head counts for nothing (CSP 3, 3.3).
const policies = [...(document.head?.querySelectorAll("meta[http-equiv='content-security-policy' i][content]") ?? [])]
  .slice(0, 10).map((one) => one.content.slice(0, 4000));

// Every other host that something was asked of.
const hosts = new Set();
const note = (url) => {
  let host = "";
  try { host = new URL(url).hostname; } catch { return; }
  if (host && host !== location.hostname && hosts.size < mostHosts) hosts.add(host);
};
const [navigation] = performance.getEntriesByType("navigation");
const resources = performance.getEntriesByType("resource");
for (const one of resources) note(one.name);
for (const element of page.all("script[src], iframe[src]")) note(element.src);

const meta = (name) => [...document.querySelectorAll("meta[name][content]")].filter((one) => one.name.toLowerCase() === name).map((one) => one.content);
const canonical = document.querySelector("link[rel~=canonical i][href]");
const alternates = [...document.querySelectorAll("link[rel~=alternate i][hreflang][href]")].slice(0, mostAlternates);

// Weight and speed, as this browser met them. Sizes of other hosts are only known where they allow it (Timing-Allow-Origin).
const taken = (type) => {
  try {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type, buffered: true });
    const entries = observer.takeRecords();
    observer.disconnect();
    return entries;
  } catch { return []; }
};
// Layout shifts in the worst window of five seconds at most, with gaps of under one second.
const shifted = () => {
  let worst = 0, sum = 0, first = 0, last = -Infinity;
  for (const { value, startTime, hadRecentInput } of taken("layout-shift")) {
    if (hadRecentInput) continue;
    if (startTime - last > 1000 || startTime - first > 5000) { sum = 0; first = startTime; }
    sum += value;
    last = startTime;
    worst = Math.max(worst, sum);
  }
  return Math.round(worst * 1000) / 1000;
};
const painted = taken("largest-contentful-paint").at(-1);
const fetched = resources.filter((one) => /^https?:/.test(one.name));
const size = (one) => one.encodedBodySize || one.transferSize;
return {
  root: page.target(document.documentElement),
  mixed,
  policies,
  hosts: [...hosts],
  robots: [...meta("robots"), ...meta("googlebot")].map(short),
  canonical: canonical ? { url: short(canonical.href), written: short(canonical.getAttribute("href")), element: page.target(canonical) } : null,
  alternates: alternates.map((one) => ({ language: short(one.hreflang), url: short(one.href), element: page.target(one) })),
  weight: {
    requests: fetched.length + 1,
    bytes: fetched.reduce((sum, one) => sum + size(one), navigation ? size(navigation) : 0),
    unknown: fetched.filter((one) => !size(one)).length,
    firstByte: navigation ? Math.round(navigation.responseStart) : null,
    largestPaint: painted ? Math.round(painted.startTime) : null,
    shift: painted ? shifted() : null,
  },
};
