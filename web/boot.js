// Starts the client. It lives in a file of its own because the page may run no inline script.
import init, { start } from "{{script}}";

try {
  await init({ module_or_path: "{{wasm}}" });
  start();
} catch (error) {
  // Text alone: Trusted Types leave nothing else, and nothing else is needed.
  document.body.textContent =
    "Sanctuary could not start. This browser may lack WebAssembly, or the connection broke. Reload to try again.";
  throw error;
}
