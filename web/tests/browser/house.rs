//! A house to tell a story in: the real server, a driver, and windows that share nothing with each
//! other. It ends what it started, and only that, however the story ends.

use std::env;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::look::Look;
use crate::proxy::Proxy;
use crate::wait::until;
use crate::window::Window;

/// How long the driver may take to close its windows.
const DRIVER_CLOSES_SECONDS: u64 = 20;

/// A server and a driver.
pub(crate) struct House {
    driver: Process,
    server: Process,
    address: SocketAddr,
    operators_room: TempDir,
    windows: Vec<Window>,
}

impl House {
    /// Starts both.
    pub(crate) async fn open() -> Self {
        Self::open_at(free_address(), &[], &[]).await
    }

    /// Starts both, with flags of the server's.
    pub(crate) async fn open_with(flags: &[&str]) -> Self {
        Self::open_at(free_address(), &[], flags).await
    }

    /// Starts both, with a line to the server that can be held and cut. The window is at its end;
    /// any other leads straight to the server.
    pub(crate) async fn behind_a_proxy() -> (Self, Proxy, Window) {
        let (mut house, proxy) = Self::with_a_line(&[]).await;
        let window = house.window_at(&proxy.page()).await;
        (house, proxy, window)
    }

    /// Starts both, with flags of the server's and such a line to it. Whoever is to be at its end goes
    /// to [`Proxy::page`].
    pub(crate) async fn with_a_line(flags: &[&str]) -> (Self, Proxy) {
        let (house, [proxy]) = Self::with_lines(flags).await;
        (house, proxy)
    }

    /// As [`Self::with_a_line`], with as many.
    pub(crate) async fn with_lines<const LINES: usize>(flags: &[&str]) -> (Self, [Proxy; LINES]) {
        let mut lines = Vec::new();
        for _ in 0..LINES {
            lines.push(Proxy::bind().await);
        }
        let address = free_address();
        let pages = lines.iter().map(Proxy::page);
        let origins: Vec<_> = std::iter::once(page_at(address)).chain(pages).collect();
        let house = Self::open_at(address, &origins, flags).await;
        lines.iter_mut().for_each(|line| line.lead_to(house.address));
        (house, lines.try_into().unwrap_or_else(|_| unreachable!("as many as were bound")))
    }

    /// Starts both; pages at `origins` may connect, and where none is named the server's own.
    async fn open_at(address: SocketAddr, origins: &[String], flags: &[&str]) -> Self {
        let operators_room = TempDir::new().unwrap();
        let mut server = server(address, origins, &operators_room);
        server.args(flags);
        let driver_address = free_address();
        let mut driver = Command::new("chromedriver");
        driver.arg(format!("--port={}", driver_address.port()));
        let server = Process::start(server, address, Ending::Kill).await;
        let driver = Process::start(driver, driver_address, Ending::AskToShutDown).await;
        Self { driver, server, address, operators_room, windows: Vec::new() }
    }

    /// The server's page.
    pub(crate) fn page(&self) -> String {
        page_at(self.address)
    }

    /// The same invitation, straight to the server.
    pub(crate) fn straight(&self, link: &str) -> String {
        led_to(&self.page(), link)
    }

    /// A window on the page, with a profile of its own.
    pub(crate) async fn window(&mut self) -> Window {
        let page = self.page();
        self.window_at(&page).await
    }

    /// A window on another page.
    pub(crate) async fn window_at(&mut self, page: &str) -> Window {
        self.window_with(page, Look::DESK).await
    }

    /// A window of a given size and scheme.
    pub(crate) async fn window_with(&mut self, page: &str, look: Look) -> Window {
        let window = Window::open(self.driver.address, look).await;
        self.windows.push(window.clone());
        window.goto(page).await;
        window
    }

    /// Ends the server, as a crash would.
    pub(crate) fn kill_server(&mut self) {
        self.server.end();
    }

    /// Ends the server as its operator does: it says farewell first.
    pub(crate) fn stop_server(&mut self) {
        let process = self.server.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
        assert!(self.server.child.wait().unwrap().success());
    }

    /// Starts a server where the one was that has ended.
    pub(crate) async fn start_server_again(&mut self) {
        let server = server(self.address, &[], &self.operators_room);
        self.server = Process::start(server, self.address, Ending::Kill).await;
    }

    /// Runs one command of the operator's, which must succeed.
    pub(crate) fn operate(&self, words: &[&str]) {
        let mut admin = Command::new(binary("sanctuary-admin"));
        admin.arg("--socket").arg(socket_in(&self.operators_room)).args(words);
        assert!(admin.status().unwrap().success(), "{admin:?}");
    }

    /// The story is over: no window's console may hold an error or a violation of the page's
    /// policy, but for lines that contain one of `expected`.
    pub(crate) async fn close_expecting(mut self, expected: &[&str]) {
        for window in std::mem::take(&mut self.windows) {
            window.check_console(expected).await;
            window.close().await;
        }
    }

    /// As [`Self::close_expecting`], where nothing is.
    pub(crate) async fn close(self) {
        self.close_expecting(&[]).await;
    }
}

/// An invitation, to another page of the same server.
pub(crate) fn led_to(page: &str, link: &str) -> String {
    let (_, fragment) = link.split_once('#').unwrap();
    format!("{page}#{fragment}")
}

/// The page of a server.
pub(crate) fn page_at(address: SocketAddr) -> String {
    format!("http://{address}/")
}

/// How a process is ended.
enum Ending {
    Kill,
    /// A driver that is killed leaves its browsers behind: it has to close them itself.
    AskToShutDown,
}

struct Process {
    child: Child,
    address: SocketAddr,
    ending: Ending,
}

impl Process {
    async fn start(mut command: Command, address: SocketAddr, ending: Ending) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let process = Self { child, address, ending };
        until("the process listens", async || TcpStream::connect(address).is_ok()).await;
        process
    }

    fn end(&mut self) {
        match self.ending {
            Ending::Kill => {}
            Ending::AskToShutDown => self.ask_to_shut_down(),
        }
        let _ended_already = self.child.kill();
        let _code = self.child.wait();
    }

    fn ask_to_shut_down(&self) {
        let Ok(mut connection) = TcpStream::connect(self.address) else { return };
        let limit = Duration::from_secs(DRIVER_CLOSES_SECONDS);
        let _without_limit = connection.set_read_timeout(Some(limit));
        let request = b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        if connection.write_all(request).is_ok() {
            let _answer = connection.read_to_end(&mut Vec::new());
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// How a server is started.
fn server(address: SocketAddr, origins: &[String], operators_room: &TempDir) -> Command {
    let mut server = Command::new(binary("sanctuary"));
    server.args(["--bind", "127.0.0.1", "--port", &address.port().to_string()]);
    server.arg("--admin-socket").arg(socket_in(operators_room));
    server.args(origins.iter().flat_map(|page| ["--origin", page.trim_end_matches('/')]));
    server
}

fn socket_in(operators_room: &TempDir) -> PathBuf {
    operators_room.path().join("admin.sock")
}

/// What `cargo xtask test` builds before this runs stands beside the tests' folder.
fn binary(name: &str) -> PathBuf {
    let tests = env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join(name);
    assert!(binary.exists(), "{} is missing: cargo xtask test builds it", binary.display());
    binary
}

/// An address nobody listens on.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}
