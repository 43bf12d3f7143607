// Watches a page through a burst, from before its first script: what each message costs on the page's
// thread, how many pictures there are, and who lays the page out between them. The page knows nothing
// of it.
(() => {
  const watch = {
    received: [], // each message: [milliseconds of its handler, of the views after it]
    sent: [], // each message: [of its draft with the views, of sending it, of the views after that]
    tasks: [], // how many messages one task took in
    pictures: 0, // how many were painted
    long: [], // what the browser calls a long task, past 50 ms
    layouts: 0, // times the page scrolled, and so was laid out, outside of a picture
  };
  window.watch = watch;

  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watch.long.push(duration);
  }).observe({ type: "longtask", buffered: true });

  // A task at once after this one, before anything of less haste.
  const nextTask = (then) => scheduler.postTask(then, { priority: "user-blocking" });

  // The views follow in microtasks, and theirs in theirs: after a few links of a chain all is done.
  const views = async () => {
    for (let link = 0; link < 8; link++) await null;
  };

  let task = null;
  const took = (messages) => {
    if (task === null) {
      task = { messages: 0 };
      nextTask(() => {
        watch.tasks.push(task.messages);
        task = null;
      });
    }
    task.messages += messages;
  };

  const handler = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...handler,
    set(act) {
      handler.set.call(this, act && function (event) {
        const begun = performance.now();
        act.call(this, event);
        const done = performance.now();
        watch.last = performance.timeOrigin + done;
        took(1);
        countPicture();
        views().then(() => watch.received.push([done - begun, performance.now() - done]));
      });
    },
  });

  let inPicture = false;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (act) => ask((at) => {
    inPicture = true;
    try {
      act(at);
    } finally {
      inPicture = false;
    }
  });
  const scroll = Object.getOwnPropertyDescriptor(Element.prototype, "scrollTop");
  Object.defineProperty(Element.prototype, "scrollTop", {
    ...scroll,
    set(to) {
      if (!inPicture) watch.layouts++;
      scroll.set.call(this, to);
    },
  });

  // A message is followed by a picture, and several may share one.
  let isAsked = false;
  const countPicture = () => {
    if (isAsked) return;
    isAsked = true;
    ask(() => {
      isAsked = false;
      watch.pictures++;
    });
  };

  // From here on it counts.
  watch.begin = () => {
    for (const list of [watch.received, watch.sent, watch.tasks, watch.long]) list.length = 0;
    watch.pictures = watch.layouts = 0;
  };

  // Writes so many messages, each as a person does and in a task of its own, as fast as they settle:
  // the page takes 64 that wait for the server.
  watch.send = async (messages) => {
    const field = document.getElementById("composer");
    const pending = () => document.getElementsByClassName("pending").length;
    watch.first = performance.timeOrigin + performance.now();
    for (let number = 1; number <= messages; number++) {
      while (pending() > 48) await new Promise((done) => setTimeout(done, 0));
      await scheduler.postTask(async () => {
        const begun = performance.now();
        field.value = `Message ${number}, in a line about as long as those that people write.`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        await views();
        const drafted = performance.now();
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
        const sent = performance.now();
        countPicture();
        await views();
        watch.sent.push([drafted - begun, sent - drafted, performance.now() - sent]);
      });
    }
  };

  // Scrolls back until all that was said stands on the page, and to the newest line again.
  watch.all = async (messages) => {
    const log = document.querySelector("[role=log]");
    while (watch.numbers().length < messages) {
      log.scrollTop = -log.scrollHeight;
      await new Promise(ask);
    }
    const numbers = watch.numbers();
    log.scrollTop = 0;
    return numbers;
  };

  // The numbers of the messages that are shown and settled, in their order.
  watch.numbers = () =>
    [...document.querySelectorAll("[role=log] .said:not(.pending) .markup")].map((line) =>
      Number(line.textContent.match(/\d+/)?.[0]),
    );
})();
