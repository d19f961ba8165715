// Keeps what is being written: on the server every few seconds and, until it has answered, in a sealed copy on this device.
// Without it [Keep it] does. "Kept" is said only of what the server has answered for.

const form = document.getElementById("paper");
const { base, stroke, tab, text } = form.elements;
const line = form.querySelector("[data-line]");
const note = form.querySelector("[data-note]");
const offers = form.querySelector("[data-offers]");

// Milliseconds. First words go sooner (only then has the page an address of its own), and so do words without a copy.
const [FIRST, PAUSE, WITHOUT_COPY, ON_AND_ON] = [400, 2000, 1500, 5000];
const SEAL = 600;
const SLOW = 1000;
const LOST = 60_000;
const AT_MOST_ALIVE = 50_000; // bytes that a browser still sends for a page that has gone

// -- What stands on the page.
const APART = new Set(["base", "stroke", "tab", "signed_in"]);
const said = () => JSON.stringify([...new FormData(form)].filter(([name]) => !APART.has(name)));
// What nobody sees makes no other words.
const bare = (words) => words.normalize().replace(/\\[nrt]|\s/g, "");

const isWritten = (one) => one?.matches?.("textarea, [type=text]");

// The words that the server has; "" if it has none of these.
const typedAlready = [...form.elements].some((one) => isWritten(one) && one.value !== one.defaultValue);
let kept = !typedAlready && ("kept" in form.dataset || (base.value === "0" && !text.value)) ? said() : "";
const unkept = () => said() !== kept;

// -- What is said about it. Nothing is announced twice.
function say(name, place = line) {
  const words = document.importNode(form.querySelector(`template[data-say="${name}"]`).content, true);
  const [time, now] = [words.querySelector("time"), new Date()];
  if (time) time.textContent = `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
  place.dataset.state = name;
  if (place.textContent !== words.textContent) place.replaceChildren(words);
}

// -- Copies on this device, until the server has answered.
let copies = null;
let sealing = null;
let queue = Promise.resolve();
let sent = "";

// One after the other: no copy is written after the answer that makes it needless. A device may refuse them all.
const inTurn = (work) => (queue = queue.then(() => copies && work()).catch(() => {}));

function seal() {
  clearTimeout(sealing);
  sealing = null;
  const copy = () => JSON.stringify({ words: said(), base: base.value, stroke: Number(stroke.value), sent });
  return inTurn(() => (unkept() ? copies.put(tab.value, copy()) : copies.drop(tab.value)));
}

// -- Keeping. Never two at once for one page: while one is on its way the newest words wait for its answer.
let flight = null;
let flying = "";
let timer = null;
let since = 0;
let patience = 0; // seconds until the next try, after one that failed

function changed() {
  sealing ??= setTimeout(seal, SEAL);
  if (patience || flight) return;
  since ||= Date.now();
  const rest = base.value === "0" ? FIRST : Math.min(PAUSE, since + (copies ? ON_AND_ON : WITHOUT_COPY) - Date.now());
  clearTimeout(timer);
  timer = setTimeout(keep, Math.max(0, rest));
}

function keep() {
  clearTimeout(timer);
  if (!flight && unkept()) {
    flight = send().then((problem) => {
      flight = null;
      if (problem) {
        patience = Math.min(30, patience * 2 || 2);
        timer = setTimeout(keep, patience * 1000);
        if (problem !== "refused" || text.value) say(problem);
      } else {
        patience = 0;
        if (unkept()) changed();
      }
      return problem;
    });
  }
  return flight ?? Promise.resolve("");
}

function asSent() {
  stroke.value = Math.max(Number(stroke.value) + 1, Math.floor(Date.now() / 1000 - 1.7e9));
  const body = new FormData(form);
  body.set("quiet", "1");
  return body;
}

// Send what stands on the page; answer "" when it is kept, else what is in the way.
async function send() {
  since = 0;
  sent = flying = said();
  const slow = setTimeout(say, SLOW, "keeping");
  const body = asSent();
  seal();
  try {
    const keepalive = new Blob([flying]).size < AT_MOST_ALIVE;
    const answer = await fetch(form.action, { method: "POST", body, keepalive, signal: AbortSignal.timeout?.(LOST) });
    if (!answer.ok) return answer.status < 500 ? "refused" : "fault";
    const told = await answer.json().catch(() => ({}));
    if (told.kept !== true) return "fault";
    answered(told);
    return "";
  } catch {
    return "offline";
  } finally {
    clearTimeout(slow);
    flying = "";
  }
}

function answered(told) {
  kept = sent;
  base.value = told.base;
  if (told.local_key && !copies) lookForCopies(told.local_key);
  // Going back, and a browser that starts again, find these words and not another blank sheet.
  if (location.href !== form.action) history.replaceState(history.state, "", form.action);
  say("device" in form.dataset || told.signed_out ? "device" : "kept");
  if (told.signed_out) say("signed-out", note);
  else if (told.beside) say("beside", note);
  seal();
}

async function lastWords() {
  await flight;
  return keep();
}

form.addEventListener("input", changed);
addEventListener("online", () => patience && keep());
document.addEventListener("visibilitychange", () => {
  if (document.hidden || patience) keep();
  if (document.hidden && sealing) seal();
});
document.addEventListener("leaving", (event) => unkept() && event.detail.push(lastWords()));
addEventListener("pagehide", () => {
  if (unkept() && said() !== flying) navigator.sendBeacon(form.action, asSent());
});

// -- [Keep it]: the words first, and the page goes only when they are kept, or when the server's own page says why not.
let pressed = false;
let passing = false;
const again = () => (pressed = false);
addEventListener("pageshow", again);

form.addEventListener("submit", async (event) => {
  if (passing || !form.requestSubmit) return;
  if (pressed) return event.preventDefault();
  pressed = true;
  if (flight || unkept()) {
    event.preventDefault();
    const problem = await lastWords();
    if (problem === "offline" || problem === "fault") return again();
    passing = true;
    form.requestSubmit(event.submitter);
    passing = false;
  }
  setTimeout(again, 3000);
});

// -- Words of this device that never arrived.
async function lookForCopies(key) {
  if (!key) return;
  try {
    copies = await (await import(form.dataset.copies)).copiesOf(form.dataset.name, key);
    const before = said();
    copies.live(tab.value);
    for (const copy of await copies.left()) if (copy.tab !== tab.value) takeUp(copy, before);
  } catch {
    // No place for copies on this device.
  }
  if (unkept()) seal();
}

const fields = (words) => JSON.parse(words).filter(([name]) => isWritten(form.elements[name]));

function takeUp({ tab: from, words: copy }, before) {
  const left = JSON.parse(copy);
  const drop = () => inTurn(() => copies.drop(from));
  const here = fields(left.words).every(([name, value]) => bare(form.elements[name].value).includes(bare(value)));
  // The page shows what these words grew from, or what was on its way to the server when they were left.
  const grown = left.base === base.value || bare(left.sent) === bare(before);
  if (here) drop();
  else if (grown && said() === before) {
    for (const [name, value] of fields(left.words)) form.elements[name].value = value;
    tab.value = from;
    stroke.value = left.stroke;
    keep();
  } else offer(left.words, drop);
}

function offer(words, drop) {
  const found = document.importNode(form.querySelector('template[data-say="found"]').content, true).firstElementChild;
  // A title and the like go among the words: what stands in their own place stays.
  const others = fields(words).filter(([name, value]) => value && name !== "text" && form.elements[name].value !== value);
  const lines = [...others.map(([, value]) => value), fields(words).find(([name]) => name === "text")?.[1]].filter(Boolean);
  found.querySelector("[data-words]").textContent = lines.join("\n\n");
  found.querySelector("[data-drop]").addEventListener("click", () => (drop(), found.remove(), text.focus()));
  found.querySelector("[data-put]").addEventListener("click", () => {
    text.setSelectionRange(text.value.length, text.value.length);
    write(lines.join("\n\n"), text);
    found.remove();
    seal().then(drop);
  });
  offers.append(found);
}

// -- First lines, as if typed where somebody wrote last.
let last = text;
form.addEventListener("focusin", ({ target }) => target.matches("textarea") && (last = target));

function write(words, text = last) {
  const before = text.value.slice(0, text.selectionStart);
  const apart = before.trim() ? "\n\n".slice(/\n*$/.exec(before)[0].length) : "";
  text.focus();
  if (document.execCommand("insertText", false, apart + words)) return;
  text.setRangeText(apart + words, text.selectionStart, text.selectionEnd, "end");
  changed();
}

const prompts = form.querySelector(".prompts");
prompts.open = matchMedia("(min-width: 60rem)").matches;
for (const prompt of prompts.querySelectorAll("li")) {
  const [words, button] = [prompt.textContent, document.createElement("button")];
  button.type = "button";
  button.className = "link";
  button.textContent = words;
  button.addEventListener("click", () => write("goesOn" in prompt.dataset ? words.replace(/…$/, "") : `${words}\n`));
  prompt.replaceChildren(button);
}

if (line.querySelector(".unscripted")) line.replaceChildren();
lookForCopies(form.dataset.key);
form.removeAttribute("data-key");
if (unkept()) changed();
