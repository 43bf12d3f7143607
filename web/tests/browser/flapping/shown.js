// Everything that stands in the conversation, once the page has been scrolled back to its first line.
const log = document.querySelector("[role=log]");
const nextPicture = () => new Promise((done) => requestAnimationFrame(done));
const first = () => log.querySelector(".line")?.innerText ?? "";
for (let tries = 0; tries < 300 && !first().startsWith(FIRST); tries++) {
  log.scrollTop = -log.scrollHeight;
  await nextPicture();
}
if (!first().startsWith(FIRST)) throw new Error(`the first line is: ${first()}`);
const manner = (line) => {
  if (line.querySelector(".picture") !== null) return "picture";
  return ["action", "whisper"].find((it) => line.classList.contains(it)) ?? "plain";
};
const standing = (line) => {
  if (line.matches(".pending") || line.querySelector(".picture-progress") !== null) return "underway";
  const lost = line.querySelector(".picture-failed, .picture-lost")?.innerText ?? "";
  // A page keeps the newest few.
  return lost === "" || lost.includes("no longer kept") ? "settled" : "failed";
};
const texts = (selector) => [...document.querySelectorAll(selector)].map((it) => it.innerText);
const shown = {
  said: [...log.querySelectorAll(".said")].map((line) => ({
    words: line.querySelector(".markup")?.textContent ?? "",
    manner: manner(line),
    quote: line.querySelector(".quote .excerpt")?.textContent ?? null,
    standing: standing(line),
  })),
  happened: texts("[role=log] .happened"),
  grave: texts("[role=log] .grave, .alarm > *"),
};
log.scrollTop = 0;
return shown;
