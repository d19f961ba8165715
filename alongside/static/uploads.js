// Sends photos and recordings in pieces, one file after the other, and goes on where it stopped after whatever breaks.
// Without this file the form sends them whole. "Kept" is said only of what the server has answered for.

const form = document.getElementById("files");
const { box, kind, at } = form.dataset;
const PIECE = Number(form.dataset.piece);
const MOST_PATIENCE = 30; // seconds between two tries
const LOST = 60_000; // milliseconds after which an answer comes no more
const list = form.querySelector("[data-list]");
const all = form.querySelector("[data-all]");

const words = (name) => document.importNode(form.querySelector(`template[data-say="${name}"]`).content, true);
const pause = (seconds) => new Promise((go) => {
  const done = () => { clearTimeout(timer); removeEventListener("online", done); removeEventListener("focus", done); go(); };
  const timer = setTimeout(done, seconds * 1000);
  addEventListener("online", done);
  addEventListener("focus", done); // back from signing in
});

// An id as the server makes them: 16 random bytes in 22 characters.
function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// -- What is said of one file. Nothing is announced twice.
export class Row {
  constructor(name) {
    const row = words("row");
    this.item = row.querySelector("li");
    this.line = row.querySelector("[data-line]");
    this.progress = row.querySelector("progress");
    row.querySelector("[data-name]").textContent = name;
    list.append(row);
    this.say("waits");
  }

  say(name, fill) {
    if (this.said === name) return;
    this.said = name;
    const said = words(name);
    fill?.(said);
    this.line.replaceChildren(said);
    this.item.dataset.state = name;
  }

  refuse(why) {
    this.said = "refused";
    this.line.textContent = why;
    this.line.classList.add("wrong");
    this.item.dataset.state = "refused";
    this.progress.remove();
  }

  keep(told) {
    this.progress.remove();
    this.say("kept", (said) => { said.querySelector("[data-words]").href = told.words; });
  }
}

// -- One file on its way. What breaks is tried again until it is through; what the server refuses is thrown as its words.
export class Way {
  constructor(row) {
    this.row = row;
    this.id = freshId();
    this.received = 0;
  }

  get address() {
    return at.replace(/[^/]+\/$/, `${this.id}/`);
  }

  async ask(address, body, type) {
    for (let patience = 1; ; patience = Math.min(MOST_PATIENCE, patience * 2)) {
      try {
        const headers = type ? { "Content-Type": type } : {};
        const answer = await fetch(address, { method: "POST", body, headers, signal: AbortSignal.timeout?.(LOST) });
        const told = await answer.json().catch(() => ({}));
        if (answer.ok || told.gone || answer.status === 409) return told;
        if (told.refused) throw new Refused(told.refused);
        if (told.busy) this.row.say("keeping");
        else this.row.say(told.signed_out ? "signed-out" : "fault");
      } catch (problem) {
        if (problem instanceof Refused) throw problem;
        this.row.say("offline");
      }
      await pause(patience);
    }
  }

  async begin(said, size) {
    const told = await this.ask(this.address, new URLSearchParams({ do: "begin", box, kind, said, size }));
    if (told.gone) throw new Gone();
    if (told.id) this.id = told.id;
    this.received = told.received ?? 0;
    return told;
  }

  async piece(bytes) {
    const told = await this.ask(`${this.address}piece/?at=${this.received}`, bytes, "application/octet-stream");
    if (told.gone) throw new Gone();
    if (told.received !== undefined) this.received = told.received;
    return told;
  }

  async finish(size) {
    this.row.say("keeping");
    const told = await this.ask(this.address, new URLSearchParams({ do: "finish", size }));
    if (told.gone) throw new Gone();
    if (told.received !== undefined) this.received = told.received;
    return told;
  }
}

export class Refused extends Error {}
export class Gone extends Error {}

export function ended(row, problem) {
  if (problem instanceof Refused) row.refuse(problem.message);
  else row.say(problem instanceof Gone ? "gone" : "not-read");
  row.progress.remove();
}

async function send(file, row) {
  const way = new Way(row);
  let told = await way.begin(`${file.name}|${file.size}|${file.lastModified}`, file.size);
  while (!told.kept) {
    while (way.received < file.size && !told.kept) {
      row.say("sends");
      row.progress.value = way.received / file.size;
      told = await way.piece(await file.slice(way.received, way.received + PIECE).arrayBuffer());
    }
    if (!told.kept) told = await way.finish(file.size);
  }
  row.keep(told);
}

// -- One after the other: over a thin line ten at once would all break together.
let queue = Promise.resolve();
let unfinished = 0;

export function follow(row, work) {
  unfinished += 1;
  all.replaceChildren();
  queue = queue.then(work).catch((problem) => ended(row, problem)).finally(() => {
    unfinished -= 1;
    if (!unfinished && !list.querySelector("[data-state=refused], [data-state=not-read], [data-state=gone]")) all.replaceChildren(words("all"));
  });
}

form.elements.files.addEventListener("change", (event) => {
  for (const file of event.target.files) {
    const row = new Row(file.name);
    follow(row, () => send(file, row));
  }
  event.target.value = "";
});

// Leaving quickly asks nothing: what has arrived stays.
let leaving = false;
document.addEventListener("leaving", () => { leaving = true; });
addEventListener("beforeunload", (event) => { if (unfinished && !leaving) event.preventDefault(); });
for (const one of form.querySelectorAll(".unscripted-do")) one.hidden = true;
