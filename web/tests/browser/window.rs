//! One browser window, as a person sees it: what stands in it, what can be pressed and typed. It
//! knows the page by what is there for everybody, roles, labels and words, and by its fields' ids.

use std::fs;
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::driver::DriverCommand;
use crate::look::Look;
use crate::wait::comes_to_hold;

/// A window.
#[derive(Clone)]
pub(crate) struct Window {
    client: Client,
}

impl Window {
    /// Opens one, with a profile of its own.
    pub(crate) async fn open(driver: SocketAddr, look: Look) -> Self {
        let driver = format!("http://{driver}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities(look)).connect(&driver).await.unwrap();
        let window = Self { client };
        window.look(look).await;
        window
    }

    /// Gives it another look. Nothing moves in it: what is seen is where it will stay.
    pub(crate) async fn look(&self, look: Look) {
        self.developer("Emulation.setDeviceMetricsOverride", &look.metrics()).await;
        self.developer("Emulation.setEmulatedMedia", &look.media()).await;
    }

    /// Goes to an address.
    pub(crate) async fn goto(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Loads the page again.
    pub(crate) async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Goes back in the history.
    pub(crate) async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// The address as the bar shows it.
    pub(crate) async fn address(&self) -> String {
        self.eval("return location.href").await.as_str().unwrap().to_owned()
    }

    /// What a script returns.
    pub(crate) async fn eval(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until a script returns something true.
    pub(crate) async fn until(&self, what: &str, script: &str) {
        self.wait(what, async || {
            // A page that is just going away answers with an error: it is asked again.
            self.client.execute(script, Vec::new()).await.is_ok_and(|value| value == json!(true))
        })
        .await;
    }

    async fn wait<F>(&self, what: &str, holds: impl FnMut() -> F)
    where
        F: Future<Output = bool>,
    {
        if !comes_to_hold(holds).await {
            panic!("waited in vain: {what}; the window says:\n{}", self.text().await);
        }
    }

    /// Everything that can be read in the window.
    pub(crate) async fn text(&self) -> String {
        let text = self.eval("return document.body.innerText").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until these words stand in the window.
    pub(crate) async fn see(&self, words: &str) {
        let has = format!("return document.body.innerText.includes({})", quoted(words));
        self.until(&format!("seeing {words:?}"), &has).await;
    }

    /// Waits until these words stand nowhere in the window.
    pub(crate) async fn see_no_more(&self, words: &str) {
        let has = format!("return !document.body.innerText.includes({})", quoted(words));
        self.until(&format!("seeing {words:?} no more"), &has).await;
    }

    /// Waits until the conversation holds these words.
    pub(crate) async fn hear(&self, words: &str) {
        let has = format!("return {LOG}?.innerText.includes({}) ?? false", quoted(words));
        self.until(&format!("hearing {words:?}"), &has).await;
    }

    /// How many lines of the conversation hold these words.
    pub(crate) async fn count(&self, words: &str) -> usize {
        let lines = format!(
            "return [...document.querySelectorAll('[role=log] .line')]\
             .filter(line => line.innerText.includes({})).length",
            quoted(words),
        );
        usize::try_from(self.eval(&lines).await.as_u64().unwrap()).unwrap()
    }

    /// Waits until a selector finds something.
    pub(crate) async fn find(&self, selector: &str) {
        let has = format!("return document.querySelector({}) !== null", quoted(selector));
        self.until(&format!("finding {selector}"), &has).await;
    }

    /// Waits until the keyboard's focus is on the field of that id.
    pub(crate) async fn focus_on(&self, id: &str) {
        let has = format!("return document.activeElement?.id === {}", quoted(id));
        self.until(&format!("focus on {id}"), &has).await;
    }

    /// Presses a button, or chooses what a label names: by its words, or by the beginning of its
    /// label.
    pub(crate) async fn press(&self, name: &str) {
        let name = xpath_text(name);
        let path = format!(
            "//*[self::button or self::summary or self::label]\
             [starts-with(normalize-space(.), {name}) or starts-with(@aria-label, {name})]"
        );
        self.wait(&format!("pressing {name}"), async || {
            for element in self.client.find_all(Locator::XPath(&path)).await.unwrap_or_default() {
                if self.press_element(&element).await {
                    return true;
                }
            }
            false
        })
        .await;
    }

    /// Presses it, where a person could.
    async fn press_element(&self, element: &Element) -> bool {
        let is_shown = element.is_displayed().await.unwrap_or(false);
        if !is_shown || !element.is_enabled().await.unwrap_or(false) {
            return false;
        }
        // At the window's edge a button can move from under the pointer as it is pressed.
        let to_middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let arguments = vec![serde_json::to_value(element).unwrap()];
        let _gone = self.client.execute(to_middle, arguments).await;
        element.click().await.is_ok()
    }

    /// Types into the field of that id.
    pub(crate) async fn fill(&self, id: &str, text: &str) {
        let field = self.field(id).await;
        field.send_keys(text).await.unwrap();
    }

    /// What stands in the field of that id.
    pub(crate) async fn value(&self, id: &str) -> String {
        let value = self.field(id).await.prop("value").await.unwrap();
        value.unwrap_or_default()
    }

    /// Empties the field of that id.
    pub(crate) async fn empty(&self, id: &str) {
        let all = format!("{}a{}", Key::Control, Key::Null);
        self.fill(id, &format!("{all}{}", Key::Delete)).await;
    }

    /// Writes a message, or a command, and sends it.
    pub(crate) async fn say(&self, text: &str) {
        self.fill("composer", text).await;
        self.fill("composer", &Key::Enter.to_string()).await;
    }

    /// Strikes keys together, wherever the focus is.
    pub(crate) async fn strike(&self, keys: &[Key]) {
        let keys: Vec<char> = keys.iter().map(|key| char::from(*key)).collect();
        self.strike_characters(&keys).await;
    }

    /// Strikes a letter while a key is held.
    pub(crate) async fn strike_holding(&self, held: Key, letter: char) {
        self.strike_characters(&[held.into(), letter]).await;
    }

    async fn strike_characters(&self, keys: &[char]) {
        let down = keys.iter().map(|key| KeyAction::Down { value: *key });
        let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
        let strike = down.chain(up).fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        self.client.perform_actions(strike).await.unwrap();
    }

    /// What the focus is on, by its name.
    pub(crate) async fn focused(&self) -> String {
        let name = self
            .eval(
                "const at = document.activeElement;
                 const name = at.labels?.[0]?.innerText ?? at.ariaLabel
                     ?? at.querySelector('.name')?.innerText ?? at.innerText;
                 return name.trim()",
            )
            .await;
        name.as_str().unwrap().to_owned()
    }

    /// Waits until the composer holds just that.
    pub(crate) async fn composes(&self, text: &str) {
        let has = format!("return document.querySelector('#composer')?.value === {}", quoted(text));
        self.until(&format!("composing {text:?}"), &has).await;
    }

    async fn field(&self, id: &str) -> Element {
        let selector = format!("#{id}");
        self.find(&selector).await;
        self.client.find(Locator::Css(&selector)).await.unwrap()
    }

    /// A command of the developer tools.
    pub(crate) async fn developer(&self, method: &str, parameters: &Value) -> Value {
        self.client.issue_cmd(DriverCommand::developer(method, parameters)).await.unwrap()
    }

    /// Where the browser's developer tools listen.
    pub(crate) fn debugger_address(&self) -> String {
        let options = &self.client.capabilities().unwrap()["goog:chromeOptions"];
        options["debuggerAddress"].as_str().unwrap().to_owned()
    }

    /// Has the driver let go of what the page answered it with: it holds every element it was ever
    /// shown, and so whatever the page has long taken down. It numbers its holds from the first.
    pub(crate) async fn let_go_of_elements(&self) {
        let newest = json!({ "expression": "({})" });
        let newest = self.developer("Runtime.evaluate", &newest).await;
        let newest = newest["result"]["objectId"].as_str().unwrap();
        let (realm, newest) = newest.rsplit_once('.').unwrap();
        for number in 1..=newest.parse::<u64>().unwrap() {
            let held = json!({ "objectId": format!("{realm}.{number}") });
            let release = DriverCommand::developer("Runtime.releaseObject", &held);
            let _gone_already = self.client.issue_cmd(release).await;
        }
    }

    /// Closes the tab, as a person does: the page hears of it. The browser keeps another.
    pub(crate) async fn close_tab(&self) {
        let other = self.client.new_window(true).await.unwrap().handle;
        self.client.close_window().await.unwrap();
        self.client.switch_to_window(other).await.unwrap();
    }

    /// The tab that is shown.
    pub(crate) async fn tab(&self) -> WindowHandle {
        self.client.window().await.unwrap()
    }

    /// Opens one more tab, shows it, and goes to an address in it.
    pub(crate) async fn open_tab(&self, address: &str) -> WindowHandle {
        let tab = self.client.new_window(true).await.unwrap().handle;
        self.show_tab(&tab).await;
        self.goto(address).await;
        tab
    }

    /// Shows a tab; whatever is done next is done there.
    pub(crate) async fn show_tab(&self, tab: &WindowHandle) {
        self.client.switch_to_window(tab.clone()).await.unwrap();
    }

    /// Another window takes the focus: said to the page, since a browser without a screen has none.
    pub(crate) async fn look_away(&self) {
        self.turn("blur", "false").await;
    }

    /// The window has the focus again.
    pub(crate) async fn look_back(&self) {
        self.turn("focus", "true").await;
    }

    async fn turn(&self, event: &str, has_focus: &str) {
        let hears = format!("return dispatchEvent(new Event('{event}'))");
        self.eval(&format!("document.hasFocus = () => {has_focus}; {hears}")).await;
    }

    /// Waits until what is seen is what the page has come to.
    pub(crate) async fn settle(&self) {
        let frame = "new Promise(done => requestAnimationFrame(done))";
        self.eval(&format!("return {frame}.then(() => {frame}).then(() => true)")).await;
    }

    /// Keeps a picture of what is seen.
    pub(crate) async fn draw(&self, file: &Path) {
        self.settle().await;
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, self.client.screenshot().await.unwrap()).unwrap();
    }

    /// Fails when the console took an error, or a violation of the page's policy, in which none of
    /// the expected texts stands.
    pub(crate) async fn check_console(&self, expected: &[&str]) {
        let errors = self.console_errors(expected).await;
        assert!(errors.is_empty(), "the console says: {errors:#?}");
    }

    /// The errors and violations that the console took since it was last asked, but for the
    /// expected ones.
    pub(crate) async fn console_errors(&self, expected: &[&str]) -> Vec<String> {
        let entries = self.client.issue_cmd(DriverCommand::console()).await.unwrap();
        let entries = entries.as_array().unwrap().iter();
        entries
            .filter(|entry| entry["level"] == "SEVERE" || entry["source"] == "security")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .filter(|said| !expected.iter().any(|expected| said.contains(expected)))
            .collect()
    }

    /// Closes it, and its browser.
    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }
}

/// The browser without its desktop, which is far less to start, where Debian's package puts it. What lies
/// on the path under its name is a script, and the driver would end that and not the browser.
const HEADLESS_SHELL: &str = "/usr/lib/chromium/chromium-headless-shell";

const LOG: &str = "document.querySelector('[role=log]')";

fn capabilities(look: Look) -> Map<String, Value> {
    let size = format!("--window-size={},{}", look.width, look.height);
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--lang=en",
        &size,
    ];
    let mut options = json!({ "args": arguments });
    // Without it the driver looks for a whole browser.
    if Path::new(HEADLESS_SHELL).exists() {
        options["binary"] = json!(HEADLESS_SHELL);
    }
    let all = json!({
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    all.as_object().unwrap().clone()
}

/// A text as JavaScript writes it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A text as XPath writes it, which has no escapes.
fn xpath_text(text: &str) -> String {
    assert!(!text.contains('"'), "{text} cannot be asked for");
    format!("\"{text}\"")
}
