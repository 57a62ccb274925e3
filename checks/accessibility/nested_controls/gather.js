// Parts that take the focus inside parts whose content is read out as one word: a button, a tab, an image.
const roles = ["button", "checkbox", "img", "menuitemcheckbox", "menuitemradio", "meter", "option", "progressbar", "radio", "scrollbar", "slider", "switch", "tab"];
const outer = ["button:not([role])", ...roles.map((role) => `[role=${role}]`)].join(", ");
const inner = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, audio[controls], video[controls], [tabindex], [contenteditable]:not([contenteditable=false])";
return page.all(`:is(${outer}) :is(${inner})`).filter((one) => !one.matches(":disabled") && page.exposed(one)).slice(0, 60)
  .map((one) => ({ one, around: one.parentElement.closest(outer) }))
  .map(({ one, around }) => ({ reached: one.tabIndex >= 0, element: page.target(around) }));
