"use strict";

document.documentElement.classList.add("met-script");

/** Lets the menu button open and close the main menu on a small screen. */
function prepareMenu() {
  const button = document.querySelector(".menu-knop");
  const menu = document.getElementById("hoofdmenu");
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = menu.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });
}

/** Makes an element with text and children in one go. */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The table with the collection days of one neighbourhood. */
function daysTable(calendar, place) {
  const head = ["Datum", "Wat", "Bak"].map((title) => make("th", { scope: "col", textContent: title }));
  const days = calendar.dagen.filter((day) => day.wijken.includes(place));
  const rows = days.map((day) => {
    const kind = calendar.soorten[day.soort];
    const picture = make("img", { src: kind.afbeelding, width: 40, height: 40 });
    if (kind.alternatief !== null) {
      picture.alt = kind.alternatief;
    }
    const date = new Date(`${day.datum}T12:00:00`);
    const words = date.toLocaleDateString("nl-NL", { weekday: "long", day: "numeric", month: "long" });
    return make("tr", {}, make("td", { textContent: words }), make("td", { textContent: kind.naam }), make("td", {}, picture));
  });
  const caption = make("caption", { textContent: `Ophaaldagen in ${place}` });
  const table = make("table", { className: "ophaaldagen" }, caption);
  table.append(make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  return table;
}

/** Fetches the calendar, shows the first neighbourhood and the pages that belong to it. */
async function showCalendar(place) {
  const answer = await fetch(place.dataset.bron);
  if (!answer.ok) {
    place.textContent = "De afvalkalender is nu niet te bereiken. Probeer het later opnieuw of bel 14 0999.";
    return;
  }
  const calendar = await answer.json();
  const options = calendar.wijken.map((name) => make("option", { textContent: name }));
  const choice = make("select", { id: "wijk" }, ...options);
  const question = make("div", { className: "wijk-keuze" }, make("label", { htmlFor: "wijk", textContent: "Kies uw wijk" }), choice);
  const result = make("div", {}, daysTable(calendar, calendar.wijken[0]));
  result.setAttribute("aria-live", "polite");
  choice.addEventListener("change", () => result.replaceChildren(daysTable(calendar, choice.value)));
  const links = calendar.meer.map((page) => make("li", {}, make("a", { href: page.pad, textContent: page.titel })));
  place.replaceChildren(question, result, make("h2", { textContent: "Bijzondere ophaaldagen" }), make("ul", {}, ...links));
}

prepareMenu();
const calendarPlace = document.getElementById("afvalkalender");
if (calendarPlace) {
  showCalendar(calendarPlace);
}
