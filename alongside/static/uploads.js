// Sends photos and recordings in pieces, one file after the other, and goes on where it stopped after whatever breaks.
// Without this file the form sends them whole. "Kept" is said only of what the server has answered for.

const form = document.getElementById("files");
const { box, kind, at } = form.dataset;
const PIECE = Number(form.dataset.piece);
const MOST_PATIENCE = 30; // seconds between two tries
const MOST_TRIES = 12; // answers in a row that bring nothing forward: some four minutes
const LOST = 60_000; // milliseconds after which an answer comes no more
const list = form.querySelector("[data-list]");
const all = form.querySelector("[data-all]");

const words = (name) => document.importNode(form.querySelector(`template[data-say="${name}"]`).content, true);
const pause = (seconds, hopeful) => new Promise((go) => {
  const done = () => { clearTimeout(timer); removeEventListener("online", done); removeEventListener("focus", done); go(); };
  const timer = setTimeout(done, seconds * 1000);
  if (!hopeful) return;
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
  // `only` gives the bytes of what was recorded here, and is nowhere else.
  constructor(name, only) {
    const row = words("row");
    this.only = only;
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
    const said = words(this.only && form.querySelector(`[data-say="${name}-said"]`) ? `${name}-said` : name);
    fill?.(said);
    this.line.replaceChildren(said);
    this.item.dataset.state = name;
    this.onsay?.();
  }

  refuse(why) {
    this.say("refused", (said) => { if (!this.only) said.append(why); });
    this.line.classList.add("wrong");
  }

  // What was said here and could not be kept is on this page alone: it can be taken along.
  offer() {
    const bytes = this.only?.();
    if (!bytes?.size) return;
    const offered = words("take");
    const link = offered.querySelector("a");
    link.href = URL.createObjectURL(bytes);
    link.download = `recording.${bytes.type.includes("mp4") ? "m4a" : "webm"}`;
    lonely.add(link);
    link.addEventListener("click", () => lonely.delete(link));
    this.item.append(offered);
  }

  keep(told) {
    this.progress.remove();
    this.say("kept", (said) => { said.querySelector("[data-words]").href = told.words; });
  }
}

// -- One file on its way. What breaks is tried again, each time later, and not for ever; what the server refuses is thrown.
export class Way {
  constructor(row) {
    this.row = row;
    this.id = freshId();
    this.received = 0;
    this.furthest = 0;
    this.tries = 0;
    this.who = "";
  }

  get address() {
    return at.replace(/[^/]+\/$/, `${this.id}/`);
  }

  async ask(address, body, type) {
    for (let patience = 1; ; patience = Math.min(MOST_PATIENCE, patience * 2)) {
      let told = {};
      try {
        const headers = type ? { "Content-Type": type } : {};
        const answer = await fetch(address, { method: "POST", body, headers, signal: AbortSignal.timeout?.(LOST) });
        told = await answer.json().catch(() => ({}));
      } catch {
        told.offline = true;
      }
      if (told.kept || Number.isInteger(told.received)) return told;
      if (told.refused) throw new Refused(told.refused);
      // To somebody else who signed in here meanwhile it does not exist: it waits for whose it is.
      const strange = told.gone && this.who && this.who !== told.who;
      if (told.gone && !strange) throw new Gone();
      this.row.say(strange ? "somebody-else" : told.offline ? "offline" : told.signed_out ? "signed-out" : told.busy ? "keeping" : "fault");
      // Without a connection or a sign-in nothing behind it could go either: it waits for as long as that takes.
      if (strange || told.offline || told.signed_out) await pause(patience, true);
      else await this.rest();
    }
  }

  // An answer that brought nothing forward: wait, longer each time; in the end say so, and let the next one go.
  async rest() {
    this.tries += 1;
    if (this.tries > MOST_TRIES) throw new Stuck();
    await pause(Math.min(MOST_PATIENCE, 2 ** (this.tries - 1)));
  }

  async take(told) {
    this.received = told.received ?? this.received;
    if (told.kept) return told;
    if (this.received > this.furthest) {
      this.furthest = this.received;
      this.tries = 0;
    } else {
      await this.rest();
    }
    return told;
  }

  async begin(said, size) {
    const told = await this.ask(this.address, new URLSearchParams({ do: "begin", box, kind, said, size }));
    if (told.id) this.id = told.id;
    this.who = told.who ?? "";
    goesOn(this.id);
    this.received = this.furthest = told.received ?? 0;
    return told;
  }

  async piece(bytes) {
    return this.take(await this.ask(`${this.address}piece/?at=${this.received}`, bytes, "application/octet-stream"));
  }

  async drop() {
    await this.ask(this.address, new URLSearchParams({ do: "drop" })).catch((problem) => {
      if (!(problem instanceof Gone)) throw problem;
    });
  }

  async finish(size) {
    this.row.say("keeping");
    return this.take(await this.ask(this.address, new URLSearchParams({ do: "finish", size })));
  }
}

export class Refused extends Error {}
export class Gone extends Error {}
export class Stuck extends Error {}

export function ended(row, problem) {
  if (problem instanceof Refused) row.refuse(problem.message);
  else row.say(problem instanceof Gone ? "gone" : problem instanceof Stuck ? "stuck" : "not-read");
  row.progress.remove();
  row.offer();
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
    row.progress.value = 1;
    if (!told.kept) told = await way.finish(file.size);
  }
  row.keep(told);
}

// What was begun before and goes on now has its line above; a choice to let go of it would be one about what is kept.
function goesOn(id) {
  const section = document.querySelector(".begun");
  section?.querySelector(`[data-begun="${id}"]`)?.remove();
  if (section && !section.querySelector("[data-begun]")) section.remove();
}

// -- One after the other: over a thin line ten at once would all break together.
let queue = Promise.resolve();
let unfinished = 0;
const lonely = new Set();

export function follow(row, work) {
  unfinished += 1;
  all.replaceChildren();
  queue = queue.then(work).catch((problem) => ended(row, problem)).finally(() => {
    unfinished -= 1;
    if (!unfinished && list.children.length && !list.querySelector("[data-state=refused], [data-state=not-read], [data-state=gone], [data-state=stuck]")) all.replaceChildren(words("all"));
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
addEventListener("beforeunload", (event) => { if ((unfinished || lonely.size) && !leaving) event.preventDefault(); });
for (const one of form.querySelectorAll(".unscripted-do")) one.hidden = true;
