// Every page works without this file. With it, folds open in place, leaving is quicker, and waiting is said in words.
// Pages are asked for as documents (XMLHttpRequest), never as strings put into the page: trusted types stay on.

const leaving = document.querySelector("[data-leave]");

// Where somebody had stopped reading (reading.js) is forgotten with them.
function forget() {
  try {
    localStorage.clear();
  } catch {
    // This browser keeps nothing for a page.
  }
}

// What is being written hands over its last words first, while nothing is to be seen any more; for half a second at most.
function leave() {
  document.documentElement.classList.add("leaving");
  document.title = "…";
  forget();
  const last = [];
  document.dispatchEvent(new CustomEvent("leaving", { detail: last }));
  const go = () => location.replace(leaving.href);
  if (!last.length) return go();
  Promise.all(last).finally(go);
  setTimeout(go, 500);
}

function pageAt(address) {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", address);
    asked.responseType = "document";
    asked.onload = () => (asked.status === 200 && asked.response ? resolve(asked.response) : reject(asked.status));
    asked.onerror = reject;
    asked.send();
  });
}

// A link with data-swap answers with a page that holds the same part, folded or unfolded, under the link's own #id.
async function swap(link) {
  const id = link.hash.slice(1);
  const now = document.getElementById(id);
  try {
    const then = document.importNode((await pageAt(link.href)).getElementById(id), true);
    now.replaceWith(then);
    then.focus({ preventScroll: true });
  } catch (problem) {
    // An answer that says otherwise is a page to look at; without one the page that is here stays.
    if (Number.isInteger(problem) || !link.dataset.offline) return location.assign(link.href);
    let line = link.parentElement.querySelector("[data-not-connected]");
    if (!line) {
      line = document.createElement("span");
      line.dataset.notConnected = "";
      line.setAttribute("role", "status");
      link.after(" ", line);
    }
    line.textContent = link.dataset.offline;
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap], a[data-leave]");
  if (!link || event.button) return;
  if (link !== leaving && (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) return;
  event.preventDefault();
  if (link === leaving) leave();
  else swap(link);
});

// Shift three times within three seconds, with nothing else between.
let presses = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") presses = [];
  else if (!event.repeat) presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 3000);
  if (presses.length >= 3 && leaving) leave();
});

let waiting;
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forgets]")) forget();
  const line = event.target.querySelector("[data-wait]");
  if (!line) return;
  clearTimeout(waiting);
  if (navigator.onLine) {
    waiting = setTimeout(() => { line.textContent = line.dataset.wait; }, 1000);
  } else {
    event.preventDefault();
    line.textContent = line.dataset.offline;
  }
});

// Coming back to this page finds it as it was, not still waiting.
addEventListener("pageshow", () => {
  clearTimeout(waiting);
  for (const line of document.querySelectorAll("[data-wait]")) line.textContent = "";
});
