//! The server as a process of its own, in an empty folder, with everything kept that it says; and the
//! operator's tool beside it.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Nothing here takes this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks at a process.
const GLANCE: Duration = Duration::from_millis(5);

/// A running server.
pub(crate) struct Server {
    child: Child,
    /// Where it was started, and what it calls its home.
    pub(crate) folder: TempDir,
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
    listening: Vec<JoinHandle<()>>,
}

/// How it ended.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// Both its streams.
    pub(crate) said: Vec<u8>,
}

impl Server {
    /// Starts it, under a tracer if there is one.
    pub(crate) fn start(tracer: Option<&Path>) -> Self {
        Self::start_by(&["-4", "--port", "0"], tempfile::tempdir().unwrap(), tracer)
    }

    /// Starts it by flags that say where, in a folder, under a tracer if there is one.
    pub(crate) fn start_by(flags: &[&str], folder: TempDir, tracer: Option<&Path>) -> Self {
        let server = binary("sanctuary");
        let mut command = match tracer {
            Some(log) => {
                let mut strace = Command::new("strace");
                strace.args(["-D", "-f", "-qq", "-e", "signal=none", "-o"]).arg(log);
                strace.args(["-e", "trace=%file,bind,connect,socket"]).arg(server);
                strace
            }
            None => Command::new(server),
        };
        command.args(flags).args(["--log", "counts"]);
        command.arg("--admin-socket").arg(socket_in(folder.path()));
        command.current_dir(&folder).env_clear();
        command.env("HOME", folder.path()).env("TMPDIR", folder.path());
        command.env("PATH", env::var_os("PATH").unwrap_or_default());
        command.env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        heard.lock().unwrap().extend_from_slice(line.as_bytes());
        let place = line.trim_end().trim_end_matches('/').rsplit('/').next().unwrap();
        let (host, port) = place.rsplit_once(':').unwrap();
        let host = host.parse().unwrap_or(Ipv4Addr::LOCALHOST);
        let address = SocketAddr::from((host, port.parse().unwrap()));
        let listening = vec![listen(stdout, &heard), listen(child.stderr.take().unwrap(), &heard)];
        Self { child, folder, address, heard, listening }
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status();
        assert!(sent.unwrap().success());
    }

    /// How often it has said that a part failed.
    pub(crate) fn failures(&self) -> usize {
        let heard = self.heard.lock().unwrap();
        String::from_utf8_lossy(&heard).matches("a part failed at ").count()
    }

    /// A file of `/proc/PID`.
    pub(crate) fn about(&self, file: &str) -> Vec<u8> {
        fs::read(format!("/proc/{}/{file}", self.id())).unwrap()
    }

    /// How often a part of it was restarted; nothing while the console is.
    pub(crate) fn restarts(&self) -> Option<u64> {
        let output = self.admin(&["status", "--json"]).output().unwrap();
        let status: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
        status["restarts"].as_u64()
    }

    /// Runs the operator's tool, and gives all that it says.
    pub(crate) fn operate(&self, words: &[&str]) -> Vec<u8> {
        let output = self.admin(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        [output.stdout, output.stderr].concat()
    }

    fn admin(&self, words: &[&str]) -> Command {
        let mut admin = Command::new(binary("sanctuary-admin"));
        admin.arg("--socket").arg(socket_in(self.folder.path())).args(words).env_clear();
        admin.current_dir(&self.folder).stdin(Stdio::null());
        admin
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> (Ended, TempDir) {
        let status = wait_until("it ends", || self.child.try_wait().unwrap());
        self.listening.drain(..).for_each(|it| it.join().unwrap());
        let said = std::mem::take(&mut *self.heard.lock().unwrap());
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        (Ended { status, said }, folder)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _code = self.child.wait();
    }
}

impl Ended {
    /// Whether the system wrote its memory to a core file.
    pub(crate) fn dumped_core(&self) -> bool {
        self.status.core_dumped()
    }
}

fn listen(
    mut stream: impl std::io::Read + Send + 'static,
    heard: &Arc<Mutex<Vec<u8>>>,
) -> JoinHandle<()> {
    let heard = Arc::clone(heard);
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        while let Ok(read @ 1..) = stream.read(&mut chunk) {
            heard.lock().unwrap().extend_from_slice(&chunk[..read]);
        }
    })
}

/// The first answer there is.
pub(crate) fn wait_until<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(GLANCE);
    }
}

/// Every file below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            files.extend(files_below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

/// A stretch of a process's memory: what the system says of it, and what is in it.
pub(crate) struct Region {
    pub(crate) place: String,
    pub(crate) bytes: Vec<u8>,
}

/// What a process holds in memory that it may write, region by region. Nothing, and the reason, where
/// this user may not look.
pub(crate) fn memory(process: u32) -> Result<Vec<Region>, String> {
    use std::io::{Seek as _, SeekFrom};
    let unreadable =
        |error: std::io::Error| format!("the server's memory is not readable: {error}");
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).map_err(unreadable)?;
    let mut file = File::open(format!("/proc/{process}/mem")).map_err(unreadable)?;
    let mut regions = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (range, _) = line.split_once(' ').unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|it| u64::from_str_radix(it, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        file.seek(SeekFrom::Start(from)).map_err(unreadable)?;
        // A region that went in the meantime holds nothing.
        if file.read_exact(&mut bytes).is_ok() {
            regions.push(Region { place: line.to_owned(), bytes });
        }
    }
    Ok(regions)
}

/// Apart from everything else in the folder, so that the server makes its own.
pub(crate) fn socket_in(folder: &Path) -> PathBuf {
    folder.join("own").join("admin.sock")
}

/// What `cargo nextest run --workspace` builds stands beside the tests' folder.
fn binary(name: &str) -> PathBuf {
    let tests = env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join(name);
    let how = "cargo nextest run --workspace builds it, and so does cargo xtask test";
    assert!(binary.exists(), "{} is missing: {how}", binary.display());
    binary
}
