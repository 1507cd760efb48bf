"use strict";

const element = (id) => document.getElementById(id);

/** All at once: the window never sees less, so nothing flickers, and the reader stays where he was. */
function showPages(pages) {
  const sections = pages.map((page, index) => {
    const section = document.createElement("section");
    section.setAttribute("aria-label", `Page ${index + 1}`);
    section.innerHTML = page;
    return section;
  });
  element("pages").replaceChildren(...sections);
}

async function show() {
  const { number, view } = await (await fetch("/view")).json();
  if (number === 0) return;
  document.title = view.title;
  element("summary").textContent = view.summary;
  element("problems").textContent = view.problems;
  element("problems").hidden = view.problems === "";
  document.body.className = view.problems === "" ? "" : "outdated";
  showPages(view.pages);
}

let showing = Promise.resolve();
const events = new EventSource("/events");
// One after the other: an answer that is late must not undo a later one.
events.onmessage = () => (showing = showing.then(show, show));
events.onerror = () => (element("summary").textContent = "The preview has ended.");
