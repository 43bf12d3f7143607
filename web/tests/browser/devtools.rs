//! The developer tools of a tab, spoken to directly: the driver passes on answers and no events,
//! and a heap comes as events. Whatever the tools took hold of in the page, they let go of with
//! the connection.

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::window::Window;

/// What the tools call the things they hold, so that they can be let go of together.
const HELD: &str = "held";

/// Counts how often each of some byte sequences stands in a memory. They come as numbers, so that
/// looking for something never makes a text of it.
const COUNT: &str = "function (...needles) {
    const bytes = new Uint8Array(this.buffer);
    const stands = (needle, at) => needle.every((byte, offset) => bytes[at + offset] === byte);
    return needles.map(needle => {
        let count = 0;
        for (let at = bytes.indexOf(needle[0]); at >= 0; at = bytes.indexOf(needle[0], at + 1)) {
            count += stands(needle, at);
        }
        return count;
    });
}";

/// A connection to a tab's tools.
pub(crate) struct DeveloperTools {
    socket: WebSocketStream<TcpStream>,
    asked: u64,
}

impl DeveloperTools {
    /// Connects beside the driver, whose own connection stays.
    pub(crate) async fn attach(window: &Window) -> Self {
        let address = window.debugger_address();
        let target = window.developer("Target.getTargetInfo", &json!({})).await;
        let target = target["targetInfo"]["targetId"].as_str().unwrap();
        let stream = TcpStream::connect(&address).await.unwrap();
        let tools = format!("ws://{address}/devtools/page/{target}");
        let (socket, _) = client_async(tools, stream).await.unwrap();
        Self { socket, asked: 0 }
    }

    /// Everything that JavaScript still reaches, as the tools write it down: names and texts of up
    /// to 1,024 characters among it, and no memory of WebAssembly.
    pub(crate) async fn heap(&mut self) -> Vec<u8> {
        self.ask("HeapProfiler.enable", &json!({})).await;
        self.ask("HeapProfiler.collectGarbage", &json!({})).await;
        let mut heap = Vec::new();
        let take = |event: &Value| {
            if event["method"] == "HeapProfiler.addHeapSnapshotChunk" {
                heap.extend_from_slice(event["params"]["chunk"].as_str().unwrap().as_bytes());
            }
        };
        let quietly = json!({ "reportProgress": false });
        self.ask_and_hear("HeapProfiler.takeHeapSnapshot", &quietly, take).await;
        self.ask("HeapProfiler.disable", &json!({})).await;
        heap
    }

    /// How often each of these stands in each memory of WebAssembly that the document has.
    pub(crate) async fn count_in_memories(&mut self, needles: &[Vec<u8>]) -> Vec<Vec<u64>> {
        let asked = json!({ "expression": "WebAssembly.Memory.prototype", "objectGroup": HELD });
        let prototype = self.ask("Runtime.evaluate", &asked).await;
        let prototype = &prototype["result"]["objectId"];
        let asked = json!({ "prototypeObjectId": prototype, "objectGroup": HELD });
        let memories = self.ask("Runtime.queryObjects", &asked).await;
        let asked = json!({ "objectId": memories["objects"]["objectId"], "ownProperties": true });
        let memories = self.ask("Runtime.getProperties", &asked).await;
        let memories = memories["result"].as_array().unwrap().iter();
        let memories = memories.filter(|it| it["value"]["subtype"] == "webassemblymemory");
        let mut counts = Vec::new();
        for memory in memories.map(|it| &it["value"]["objectId"]) {
            counts.push(self.count_in_memory(memory, needles).await);
        }
        self.ask("Runtime.releaseObjectGroup", &json!({ "objectGroup": HELD })).await;
        counts
    }

    async fn count_in_memory(&mut self, memory: &Value, needles: &[Vec<u8>]) -> Vec<u64> {
        let needles: Vec<_> = needles.iter().map(|needle| json!({ "value": needle })).collect();
        let asked = json!({
            "objectId": memory,
            "functionDeclaration": COUNT,
            "arguments": needles,
            "returnByValue": true,
        });
        let counts = self.ask("Runtime.callFunctionOn", &asked).await;
        let counts = counts["result"]["value"].as_array().unwrap();
        counts.iter().map(|count| count.as_u64().unwrap()).collect()
    }

    async fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.ask_and_hear(method, parameters, |_| {}).await
    }

    /// Asks, and hears what is told until the answer comes.
    async fn ask_and_hear(
        &mut self,
        method: &str,
        parameters: &Value,
        mut hear: impl FnMut(&Value),
    ) -> Value {
        self.asked += 1;
        let question = json!({ "id": self.asked, "method": method, "params": parameters });
        self.socket.send(Message::text(question.to_string())).await.unwrap();
        loop {
            let Message::Text(told) = self.socket.next().await.unwrap().unwrap() else { continue };
            let mut told: Value = serde_json::from_str(&told).unwrap();
            if told["id"] != self.asked {
                hear(&told);
                continue;
            }
            assert!(told["error"].is_null(), "{method}: {}", told["error"]);
            return told["result"].take();
        }
    }

    /// Lets go of the tab.
    pub(crate) async fn detach(mut self) {
        self.socket.close(None).await.unwrap();
    }
}
