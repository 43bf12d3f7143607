//! Stretching a secret off the page's thread, in a worker that lives for one answer. Where there
//! can be no worker, the page does it itself, and stands still meanwhile.

use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::document;
use sanctuary_client::{Epoch, Msg};
use sanctuary_crypto::{Link, Stretched};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use zeroize::Zeroizing;

use super::timer::Timeout;
use crate::runtime::Runtime;

/// Before the page's own thread is busy: long enough that what it shows is painted first.
const PAINT_MILLIS: u32 = 50;

/// Where the page says what the worker's script is called.
const META: &str = "meta[name=sanctuary-worker]";

#[wasm_bindgen]
extern "C" {
    /// A worker whose script may be named by a `TrustedScriptURL`.
    #[wasm_bindgen(extends = Worker, js_name = Worker)]
    type ScriptWorker;

    #[wasm_bindgen(catch, constructor, js_class = "Worker")]
    fn new(url: &JsValue, options: &WorkerOptions) -> Result<ScriptWorker, JsValue>;

    /// `window.trustedTypes`.
    type PolicyFactory;

    #[wasm_bindgen(thread_local_v2, js_name = trustedTypes)]
    static TRUSTED_TYPES: Option<PolicyFactory>;

    #[wasm_bindgen(catch, method, js_name = createPolicy)]
    fn create_policy(
        this: &PolicyFactory,
        name: &str,
        rules: &Object,
    ) -> Result<ScriptPolicy, JsValue>;

    /// A policy that vouches for addresses of scripts.
    type ScriptPolicy;

    #[wasm_bindgen(catch, method, js_name = createScriptURL)]
    fn create_script_url(this: &ScriptPolicy, asked: &str) -> Result<JsValue, JsValue>;
}

/// Stretches one secret at a time: a later question ends an earlier one.
pub(super) struct Deriver {
    work: Option<Work>,
    /// The worker's address, if there can be a worker.
    script: Option<JsValue>,
}

enum Work {
    Worker { _errand: Errand },
    Thread { _soon: Option<Timeout> },
}

impl Deriver {
    /// Finds the worker. Once for a page: there can be no second policy of that name.
    pub(super) fn new() -> Self {
        Self { work: None, script: worker_script().ok() }
    }

    /// Begins; `Msg::Derived` follows.
    pub(super) fn begin(&mut self, epoch: Epoch, link: Link, runtime: Runtime) {
        self.stop();
        match self.script.as_ref().map(|script| send_worker(script, epoch, &link, runtime)) {
            Some(Ok(errand)) => self.work = Some(Work::Worker { _errand: errand }),
            Some(Err(_)) | None => self.begin_here(epoch, link, runtime),
        }
    }

    /// Stops, without an answer.
    pub(super) fn stop(&mut self) {
        self.work = None;
    }

    fn begin_here(&mut self, epoch: Epoch, link: Link, runtime: Runtime) {
        let soon = Timeout::after(PAINT_MILLIS, move || {
            let stretched = Stretched::derive(&link.room, &link.secret);
            runtime.with_hands(|hands| hands.deriver.stop());
            runtime.dispatch(Msg::Derived { epoch, stretched });
        });
        self.work = Some(Work::Thread { _soon: soon });
    }
}

fn send_worker(
    script: &JsValue,
    epoch: Epoch,
    link: &Link,
    runtime: Runtime,
) -> Result<Errand, JsValue> {
    let link_here = link.clone();
    Errand::run(script, link, move |answer| match answer {
        Some(stretched) => {
            runtime.with_hands(|hands| hands.deriver.stop());
            runtime.dispatch(Msg::Derived { epoch, stretched });
        }
        // The worker could not be loaded, or broke.
        None => runtime.with_hands(|hands| hands.deriver.begin_here(epoch, link_here, runtime)),
    })
}

/// The worker's address, vouched for where the browser asks for that: by the page's one policy,
/// which knows a single address whatever it is asked, is asked once, and is then gone.
fn worker_script() -> Result<JsValue, JsValue> {
    let meta = document().query_selector(META)?.ok_or(JsValue::NULL)?;
    let url = JsValue::from(meta.get_attribute("content").ok_or(JsValue::NULL)?);
    TRUSTED_TYPES.with(|types| match types {
        Some(types) => {
            let answer = url.clone();
            let always = Closure::<dyn FnMut() -> JsValue>::new(move || answer.clone());
            let rules = Object::new();
            Reflect::set(&rules, &"createScriptURL".into(), always.as_ref())?;
            types.create_policy("sanctuary", &rules)?.create_script_url("")
        }
        None => Ok(url),
    })
}

/// A worker on its way. Letting go of it ends it.
struct Errand {
    worker: ScriptWorker,
    _on_answer: Closure<dyn FnMut(Event)>,
}

impl Errand {
    fn run(
        script: &JsValue,
        link: &Link,
        answered: impl FnOnce(Option<Stretched>) + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = ScriptWorker::new(script, &options)?;
        // The first answer, or the first error, is the last: letting go of both takes them back.
        let on_answer = Closure::once(move |event: Event| answered(read_answer(&event)));
        let handler = Some(on_answer.as_ref().unchecked_ref());
        worker.set_onmessage(handler);
        worker.set_onerror(handler);
        let errand = Self { worker, _on_answer: on_answer };
        let question = Array::of2(&link.room.as_str().into(), &link.secret.expose().into());
        errand.worker.post_message(&question)?;
        Ok(errand)
    }
}

impl Drop for Errand {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// The stretched secret a worker sent. Its copy in the message is wiped.
fn read_answer(event: &Event) -> Option<Stretched> {
    let array = event.dyn_ref::<MessageEvent>()?.data().dyn_into::<Uint8Array>().ok()?;
    let bytes = Zeroizing::new(array.to_vec());
    array.fill(0, 0, array.length());
    bytes.as_slice().try_into().ok().map(Stretched::from_bytes)
}
