// Records a voice. What was said so far is on its way while somebody goes on speaking: a page that dies keeps it.

const form = document.getElementById("files");
const recorder = document.querySelector("[data-recorder]");
const line = recorder.querySelector("[data-recording]");
const [begin, rest, end] = ["begin", "pause", "end"].map((name) => recorder.querySelector(`[data-${name}]`));
const { Row, Way, follow } = await import(form.dataset.uploads);
const PIECE = Number(form.dataset.piece);
const SLICE = 2000; // milliseconds

const say = (name, seconds) => {
  const words = document.importNode(form.querySelector(`template[data-say="${name}"]`).content, true);
  const time = words.querySelector("time");
  if (time) time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
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

  more() {
    return new Promise((go) => { this.wake = go; });
  }
}

async function send(said, row) {
  const way = new Way(row);
  let told = await way.begin("", "");
  row.say("sends");
  while (!told.kept) {
    while (way.received < said.blob.size && !told.kept) {
      told = await way.piece(await said.blob.slice(way.received, way.received + PIECE).arrayBuffer());
    }
    if (told.kept) break;
    if (!said.over) await said.more();
    else if (way.received === said.blob.size) told = await way.finish(said.blob.size);
  }
  row.keep(told);
}

let running = null;
let seconds = 0;
let clock = null;

async function record() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return say("no-microphone");
  }
  const said = new Said();
  const row = new Row(form.querySelector('template[data-say="a-recording"]').content.textContent);
  running = new MediaRecorder(stream);
  running.addEventListener("dataavailable", (event) => event.data.size && said.add(event.data));
  running.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    said.end();
    clearInterval(clock);
    line.replaceChildren();
    show(false);
  });
  running.start(SLICE);
  seconds = 0;
  clock = setInterval(() => {
    if (running.state !== "recording") return;
    seconds += 1;
    // The seconds are for the eye; a screen reader hears when it begins and rests.
    if (seconds % 5 === 0) say("recording", seconds);
  }, 1000);
  say("recording", 0);
  show(true);
  follow(row, () => send(said, row));
}

function show(recording) {
  begin.hidden = recording;
  rest.hidden = end.hidden = !recording;
  (recording ? end : begin).focus();
}

begin.addEventListener("click", record);
end.addEventListener("click", () => running.stop());
rest.addEventListener("click", () => {
  if (running.state === "recording") {
    running.pause();
    say("paused", seconds);
  } else {
    running.resume();
    say("recording", seconds);
  }
});
document.addEventListener("leaving", () => running?.state === "recording" && running.stop());
addEventListener("pagehide", () => running?.state === "recording" && running.requestData());
if (window.MediaRecorder && navigator.mediaDevices) recorder.hidden = false;
