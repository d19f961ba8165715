// How far somebody has read, on their own device and once they ask: the SHA-256 of the story's address, and a number.
// Nothing is sent and nothing scrolls by itself. alongside.js forgets it at leaving and at signing out.
const box = document.querySelector(".place");
const part = (name) => box.querySelector(`[data-${name}]`);
const parts = () => [...document.querySelectorAll("[data-place]")];

async function begin() {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(box.dataset.story));
  const story = [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const kept = () => localStorage.getItem(story);
  const keep = () => {
    const seen = parts().filter((one) => one.getBoundingClientRect().top < innerHeight / 2);
    localStorage.setItem(story, seen.length ? seen.at(-1).dataset.place : 0);
  };
  const show = () => {
    part("keep").hidden = kept() !== null;
    part("forget").hidden = part("kept").hidden = kept() === null;
    part("further").hidden = !there || kept() === null;
  };
  const there = kept() > 0 && parts().filter((one) => Number(one.dataset.place) <= kept()).at(-1);
  if (there) part("there").href = `#${there.id}`;
  part("keep").onclick = () => { keep(); show(); };
  part("forget").onclick = () => { localStorage.removeItem(story); show(); };
  let moved = false;
  addEventListener("scroll", () => { moved = true; }, { once: true });
  document.addEventListener("visibilitychange", () => { if (document.hidden && moved && kept() !== null) keep(); });
  show();
  box.hidden = false;
}

if (box && crypto.subtle) begin().catch(() => {});
