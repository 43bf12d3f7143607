// Takes the invitation out of the address bar, and only then loads and starts the client: whatever
// fails after that, no address and no history holds a secret. It lives in a file of its own because
// the page may run no inline script, and is no module because modules wait for the stylesheet.
(async () => {
  // It runs in the head, so this has still to come.
  const body = new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  try {
    const fragment = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    const { default: init, start } = await import("{{script}}");
    await init({ module_or_path: "{{wasm}}" });
    await body;
    start(fragment);
  } catch (error) {
    await body;
    // Text alone: Trusted Types leave nothing else, and nothing else is needed.
    document.body.textContent =
      "Sanctuary could not start. This browser may lack WebAssembly, or the connection broke. Reload to try again.";
    throw error;
  }
})();
