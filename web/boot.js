// Takes the invitation out of the address bar, and only then loads and starts the client: whatever
// fails after that, no address and no history holds a secret. It lives in a file of its own because
// the page may run no inline script, and is no module because modules wait for the stylesheet.
(async () => {
  // The first language of the reader's that the page has. English is in the program.
  const others = { de: "{{words-de}}", ar: "{{words-ar}}" };
  const tongue = () => {
    const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
    const found = wanted.find((tag) => tag === "en" || Object.hasOwn(others, tag)) ?? "en";
    document.documentElement.lang = found;
    document.documentElement.dir = found === "ar" ? "rtl" : "ltr";
    return found;
  };
  // Where it does not come, the page speaks English.
  const wordsOf = async (tag) => {
    if (!Object.hasOwn(others, tag)) return undefined;
    try {
      const answer = await fetch(others[tag], { signal: AbortSignal.timeout(5000) });
      return await answer.json();
    } catch {
      document.documentElement.lang = "en";
      document.documentElement.dir = "ltr";
      return undefined;
    }
  };
  // It runs in the head, so this has still to come.
  const body = new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  try {
    const fragment = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    const words = wordsOf(tongue());
    const { default: init, start } = await import("{{script}}");
    await init({ module_or_path: "{{wasm}}" });
    await body;
    start(fragment, await words);
  } catch (error) {
    await body;
    // Text alone: Trusted Types leave nothing else, and nothing else is needed.
    document.documentElement.lang = "en";
    document.documentElement.dir = "ltr";
    document.body.textContent =
      "Sanctuary could not start. This browser may lack WebAssembly, or the connection broke. Reload to try again.";
    throw error;
  }
})();
