// Sound and film: what plays, what starts by itself, and what stands around it in words.
const mostMedia = 30;
const clean = (text) => (text || "").replace(/\s+/g, " ").trim();

// Media fragments: #t=8,10 plays two seconds.
const secondsPlayed = (media) => {
  const part = /#(?:.*&)?t=(?:npt:)?([\d.]*)(?:,([\d.]+))?/.exec(media.currentSrc || media.src || "");
  const start = part ? Number(part[1] || 0) : 0, end = part && part[2] ? Number(part[2]) : media.duration;
  return Number.isFinite(end) ? Math.max(0, Math.min(end, media.duration || end) - start) : media.duration === Infinity ? 1e9 : null;
};

// Whether the file has a track with sound: true, false, or null where the browser does not say.
const hasSound = (media) => {
  if (media.localName === "audio") return media.readyState > 0 ? true : null;
  if (media.readyState === 0 || !media.captureStream) return null;
  try {
    return media.captureStream().getAudioTracks().length > 0;
  } catch {
    return null;
  }
};

const around = (media) => {
  let up = media;
  for (let i = 0; i < 3 && up.parentElement && up.parentElement !== document.documentElement; i++) up = up.parentElement;
  const links = [...up.querySelectorAll("a[href], summary, button")].slice(0, 40);
  const text = clean(up.innerText).slice(0, 4000);
  return { links: links.map((one) => clean(one.textContent).slice(0, 80)).filter(Boolean), text };
};

// Words beside a film that are there to see, but kept from who listens to them.
const keptFrom = (media) => {
  const found = [...media.parentElement.children].slice(0, 30).filter((one) => one !== media && one.matches("[aria-hidden=true]") && page.visible(one));
  return clean(found.map((one) => one.innerText).join(" ")).slice(0, 2000);
};
// A player of its own may do with the tracks what no browser does.
const PLAYER = /player|plyr|vjs|video-js|mejs|mediaelement|able|jw|flow/i;
const hasPlayer = (media) => {
  for (let up = media, step = 0; up && step < 4; up = up.parentElement, step++)
    if (PLAYER.test(`${up.getAttribute("class")} ${up.id} ${Object.keys(up.dataset).join(" ")}`)) return true;
  return [...document.scripts].slice(0, 200).some((one) => PLAYER.test(one.src) || /speechSynthesis|textTracks|\.cues|<track|"track"|'track'/.test(one.src ? "" : one.text));
};

const controls = () => page.once("media controls", () => page.all('button, [role="button"], input[type="button"], input[type="checkbox"], a[href], [role="switch"]')
  .slice(0, 400).filter((one) => page.visible(one) && page.exposed(one)).slice(0, 100).map((one) => page.name(one).slice(0, 60)).filter(Boolean));

const media = [];
for (const one of page.all("video, audio").slice(0, mostMedia)) {
  const visible = page.visible(one), plays = one.autoplay && !one.muted;
  const hasSource = Boolean(one.currentSrc || one.src || one.srcObject || one.querySelector("source[src]"));
  if (!hasSource) continue;
  media.push({
    element: page.target(one),
    kind: one.localName,
    visible,
    exposed: page.exposed(one),
    autoplay: one.autoplay,
    muted: one.muted,
    loop: one.loop,
    controls: one.controls && visible,
    seconds: one.readyState > 0 ? secondsPlayed(one) : null,
    sound: visible || plays ? hasSound(one) : null,
    tracks: [...one.querySelectorAll("track[src]")].map((track) => track.kind),
    keptFrom: visible ? keptFrom(one) : "",
    native: one.controls && !hasPlayer(one),
    around: visible ? around(one) : { links: [], text: "" },
    buttons: plays || !visible ? controls() : [],
  });
}
const players = page.all("iframe[src]").filter((one) => page.visible(one)).slice(0, mostMedia)
  .map((one) => ({ one, url: one.src.slice(0, 300) }))
  .filter(({ url }) => /youtube|youtu\.be|vimeo|video|soundcloud|spotify|podcast|player|dailymotion|kaltura|media/i.test(url))
  .map(({ one, url }) => ({ element: page.target(one), url, title: clean(one.title) }));

// What may be a broadcast at this moment: a film without an end, or a player called live in its address, title or heading.
const headingOf = (element) => {
  for (let up = element.parentElement, step = 0; up && step < 5; up = up.parentElement, step++) {
    const before = [...up.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading], figcaption")].slice(0, 40)
      .filter((one) => one.localName === "figcaption" || one.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (before.length) return clean(before.at(-1).textContent).slice(0, 200);
  }
  return "";
};
const streams = [];
for (const one of page.all("iframe[src], video").slice(0, 100)) {
  if (streams.length >= 10 || !page.visible(one)) continue;
  const box = one.getBoundingClientRect();
  if (box.width < 160 || box.height < 90) continue;
  const source = one.currentSrc || one.src || one.querySelector("source")?.src || "";
  const found = {
    kind: one.localName, url: source.slice(0, 300), title: clean(one.title || one.getAttribute("aria-label")).slice(0, 200), heading: headingOf(one),
    endless: one.localName === "video" && (one.duration === Infinity && one.readyState > 0), backdrop: one.localName === "video" && one.autoplay && one.muted && !one.controls,
  };
  if (found.endless || /live|rechtstreeks|stream|direct|uitzend|broadcast/i.test(`${found.url} ${found.title} ${found.heading}`)) streams.push({ ...found, element: page.target(one) });
}
return { media, players, streams };
