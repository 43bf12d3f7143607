// Watches a page that is shown hostile words, from before its first script, and says them. The page knows
// nothing of it.
(() => {
  const hostile = { ran: 0, reports: [] };
  window.hostile = hostile;
  window.__ran = () => hostile.ran++;
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = window.__ran;
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    hostile.reports.push(`${violatedDirective} ${blockedURI}`),
  );

  const field = () => document.getElementById("composer");
  const pending = () => document.getElementsByClassName("pending").length;
  const pause = () => new Promise((done) => setTimeout(done, 0));

  const submit = async () => {
    while (pending() > 40) await pause();
    field().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
    await pause();
    const isRefused = field().value !== "";
    await write("");
    return isRefused;
  };
  const write = async (text) => {
    field().value = text;
    field().dispatchEvent(new Event("input", { bubbles: true }));
    await pause();
  };

  // Says each, in a way of saying, and waits until all is settled; how many were said.
  hostile.say = async (cases, way) => {
    const said = await hostile.speak(cases, way);
    while (pending() > 0) await pause();
    return said;
  };

  // As above, and waits for nothing.
  hostile.speak = async (cases, way) => {
    let said = 0;
    for (const words of cases) {
      if (way === "pasted") {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/html", words);
        const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
        field().dispatchEvent(event);
        await pause();
        // What has no formatting is left to the browser, which pastes the plain text.
        if (field().value === "") continue;
      } else {
        await write({ said: words, done: `/me ${words}`, linked: `<a href="${words}">x</a>` }[way]);
      }
      if (way === "said") {
        const altUp = { key: "ArrowUp", altKey: true, cancelable: true };
        field().dispatchEvent(new KeyboardEvent("keydown", altUp));
        await pause();
      }
      if (!(await submit())) said++;
    }
    return said;
  };

  const until = async (holds) => {
    while (!holds()) await pause();
  };

  // Says each to a picture; how many were said.
  hostile.caption = async (cases) => {
    const canvas = new OffscreenCanvas(8, 6);
    canvas.getContext("2d").fillRect(0, 0, 4, 6);
    const file = new File([await canvas.convertToBlob()], "a.png", { type: "image/png" });
    let said = 0;
    for (const words of cases) {
      const chosen = new DataTransfer();
      chosen.items.add(file);
      const input = document.getElementById("picture-input");
      input.files = chosen.files;
      input.dispatchEvent(new Event("change"));
      await until(() => document.getElementById("caption") !== null);
      document.getElementById("caption").value = words;
      const [cancel, send] = document.querySelectorAll("dialog .actions button");
      send.click();
      await pause();
      const problem = document.querySelector("dialog .problem")?.textContent ?? "";
      if (problem === "") said++;
      else cancel.click();
      await until(() => document.querySelector("dialog, .picture-progress") === null);
    }
    return said;
  };

  const OURS = new Set("markup markup-inline s control listing button button-small".split(" "));
  const ATTRIBUTES = {
    a: ["href", "title", "rel", "target", "draggable", "class"],
    button: ["type", "class"],
    div: ["class", "dir"],
    pre: ["class", "tabindex"],
    span: ["class", "title"],
  };

  // Everything about the page that hostile words have changed, in words.
  hostile.broken = (tags) => {
    const broken = [];
    const allowed = new Set([...tags, "a", "button", "div", "span"]);
    const log = document.querySelector("[role=log]");
    const frame = log.getBoundingClientRect();
    for (const element of log.querySelectorAll(".markup, .markup *")) {
      const name = element.localName;
      if (!allowed.has(name) || element.namespaceURI !== "http://www.w3.org/1999/xhtml") {
        broken.push(`an element: ${element.outerHTML}`);
      }
      for (const { name: attribute, value } of element.attributes) {
        const isOurs = (ATTRIBUTES[name] ?? ["class"]).includes(attribute);
        if (!isOurs) broken.push(`an attribute: ${element.outerHTML}`);
        if (attribute === "class" && !value.split(" ").filter(Boolean).every((it) => OURS.has(it))) {
          broken.push(`a class: ${element.outerHTML}`);
        }
      }
      if (name === "a" && !["https:", "mailto:"].includes(element.protocol)) {
        broken.push(`a link: ${element.outerHTML}`);
      }
      const { left, right } = element.getBoundingClientRect();
      const scrolls = element.closest("pre") !== null;
      if (!scrolls && (left < frame.left - 1 || right > frame.right + 1)) {
        broken.push(`out of the timeline: ${element.outerHTML}`);
      }
    }
    for (const picture of log.querySelectorAll("img")) {
      const names = [...picture.attributes].map(({ name }) => name);
      const isOurs = (name) => ["class", "src", "alt", "decoding", "draggable"].includes(name);
      if (!names.every(isOurs) || !picture.src.startsWith("blob:")) {
        broken.push(`a picture: ${picture.outerHTML}`);
      }
    }
    const middle = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2);
    };
    for (const selector of ["#composer", ".room-name", ".button-cover", ".button-send"]) {
      const element = document.querySelector(selector);
      if (!element.contains(middle(element))) broken.push(`${selector} is covered`);
    }
    if (document.documentElement.scrollWidth > innerWidth) broken.push("the page is too wide");
    if (document.title.includes("_")) broken.push(`the title: ${document.title}`);
    if (hostile.ran > 0) broken.push(`${hostile.ran} scripts ran`);
    return [...broken, ...hostile.reports];
  };

  // Elements that are no part of what was said, and things that were fetched.
  hostile.around = () => {
    const all = document.querySelectorAll("body *").length;
    const inside = document.querySelectorAll("[role=log] *, .toast, .composer *").length;
    return [all - inside, performance.getEntriesByType("resource").length];
  };
})();
