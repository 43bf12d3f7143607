// Calls what it is asked, [name, ...arguments], off the page's thread: a measure takes longer than a
// driver waits for a page that stands still.
import init, * as cipher from "/cipher.js";

const ready = init({ module_or_path: "/cipher.wasm" });

self.onmessage = async ({ data: [name, ...given] }) => {
  try {
    await ready;
    self.postMessage(cipher[name](...given));
  } catch {
    self.postMessage(null);
  }
};
