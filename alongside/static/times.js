// Puts times into the device's own time. Without this file they stand in UTC, and say so.

const WHOLE = { day: "numeric", month: "long", year: "numeric" };
const SHAPES = { day: WHOLE, both: { day: "numeric", month: "long" }, whole: WHOLE };
// As the pages write it: 14 March, not March 14.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

for (const time of document.querySelectorAll("time[data-here]")) {
  const [at, shape] = [new Date(time.dateTime), SHAPES[time.dataset.here]];
  const day = shape && new Intl.DateTimeFormat(language, shape).format(at);
  const hour = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
  time.textContent = { time: hour, day, both: `${day}, ${hour}`, whole: `${day}, ${hour}` }[time.dataset.here];
}
