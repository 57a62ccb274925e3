// Scripts in the page itself that listen to the movement of the device, and what a visitor could use instead.
const words = /devicemotion|deviceorientation/i;
const scripts = [...document.scripts].filter((one) => !one.src).slice(0, 200).map((one) => one.text).filter((text) => words.test(text));
const handlers = page.all("[ondevicemotion], [ondeviceorientation]").map((one) => one.getAttribute("ondevicemotion") || one.getAttribute("ondeviceorientation"));
const source = [...scripts, ...handlers].join("\n").slice(0, 20000);
if (!source) return null;
const controls = page.all("button, input, select, [role=button], [role=switch], [role=checkbox], a[href]").slice(0, 200);
return {
  element: page.target(document.body || document.documentElement),
  source,
  controls: controls.map((one) => page.name(one).slice(0, 80)).filter(Boolean),
};
