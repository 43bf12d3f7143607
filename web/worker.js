// Stretches one secret off the page's thread, which a slow hash would freeze. Asked [room, secret],
// it answers 32 bytes, or null when it cannot. The page ends it after that.
import init, { derive } from "{{script}}";

self.onmessage = async ({ data: [room, secret] }) => {
  try {
    await init({ module_or_path: "{{wasm}}" });
    const key = derive(room, secret) ?? null;
    self.postMessage(key, key ? [key.buffer] : []);
  } catch {
    self.postMessage(null);
  }
};
