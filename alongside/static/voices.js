// Records a voice. What was said so far is on its way while somebody goes on speaking: a page that dies keeps it.

const form = document.getElementById("files");
const recorder = document.querySelector("[data-recorder]");
const line = recorder.querySelector("[data-recording]");
const clock = recorder.querySelector("[data-clock]");
const [begin, rest, on, end, drop] = ["begin", "pause", "go-on", "end", "drop"].map((name) => recorder.querySelector(`[data-${name}]`));
const { Row, Way, follow } = await import(form.dataset.uploads);
const PIECE = Number(form.dataset.piece);
const SLICE = 2000; // milliseconds

const shown = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
let saying = "";
const say = (name, seconds) => {
  if (saying === name) return;
  saying = name;
  const words = document.importNode(form.querySelector(`template[data-say="${name}"]`).content, true);
  const time = words.querySelector("time");
  if (time) time.textContent = shown(seconds);
  line.replaceChildren(words);
};

// Bytes that were recorded and not sent yet; whoever sends waits for more until the recording has ended.
class Said {
  constructor() {
    this.blob = new Blob();
    this.over = false;
    this.wake = () => {};
  }

  add(part) {
    this.blob = new Blob([this.blob, part]);
    this.wake();
  }

  end() {
    this.over = true;
    this.wake();
  }

  drop() {
    this.dropped = true;
    this.end();
  }

  more() {
    return new Promise((go) => { this.wake = go; });
  }
}

async function send(said, row) {
  const way = new Way(row);
  let told = await way.begin("", "");
  row.say("sends");
  while (!told.kept && !said.dropped) {
    while (way.received < said.blob.size && !told.kept && !said.dropped) {
      told = await way.piece(await said.blob.slice(way.received, way.received + PIECE).arrayBuffer());
      row.say("sends");
    }
    if (told.kept || said.dropped) break;
    if (!said.over) await said.more();
    else told = await way.finish(said.blob.size);
  }
  if (told.kept) return row.keep(told);
  await way.drop();
  row.item.remove();
}

let running = null;
let said = null;
let row = null;
let seconds = 0;
let ticking = null;

// "Being kept" is said only while it goes on its way.
function tell() {
  if (running?.state === "paused") say("paused", seconds);
  else if (running?.state === "recording") say(row.said === "sends" ? "recording" : "recording-here");
}

async function record() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return say("no-microphone");
  }
  const here = said = new Said();
  const mine = row = new Row(form.querySelector('template[data-say="a-recording"]').content.textContent, () => here.blob);
  row.onsay = () => { if (mine === row) tell(); };
  running = new MediaRecorder(stream);
  running.addEventListener("dataavailable", (event) => event.data.size && here.add(event.data));
  running.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    here.end();
    clearInterval(ticking);
    saying = "";
    line.replaceChildren();
    show(begin);
  });
  running.start(SLICE);
  seconds = 0;
  ticking = setInterval(() => {
    if (running.state === "recording") clock.textContent = shown(seconds += 1);
  }, 1000);
  clock.textContent = shown(0);
  tell();
  show(end);
  follow(mine, () => send(here, mine));
}

// Which buttons there are, and which of them has the focus.
function show(focused) {
  const state = running.state;
  begin.hidden = state !== "inactive";
  clock.hidden = state === "inactive";
  rest.hidden = state !== "recording";
  on.hidden = drop.hidden = state !== "paused";
  end.hidden = state === "inactive";
  focused.focus();
}

begin.addEventListener("click", record);
end.addEventListener("click", () => running.stop());
rest.addEventListener("click", () => {
  running.pause();
  tell();
  show(on);
});
on.addEventListener("click", () => {
  running.resume();
  tell();
  show(rest);
});
drop.addEventListener("click", () => {
  said.drop();
  running.stop();
});
document.addEventListener("leaving", () => running?.state === "recording" && running.stop());
addEventListener("pagehide", () => running?.state === "recording" && running.requestData());
if (window.MediaRecorder && navigator.mediaDevices) recorder.hidden = false;
