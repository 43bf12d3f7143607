//! The server `sanctuary`: options in, one line out, an engine in between. Prints the address to
//! open, and says on stderr how it fares; what people type and where they are is not its business.

mod memory;
mod options;
mod process;
mod service_manager;
mod stack;

// Built together with the proofs, which no release is.
#[cfg(all(feature = "streams", not(debug_assertions)))]
compile_error!("a server for use has no way in but its own: add --package sanctuary-engine");

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::panic::PanicHookInfo;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use memory::Plan;
use options::{Invocation, Options, Task};
use sanctuary_engine::{Config, Ended, Engine, Order, Tls};
use service_manager::ServiceManager;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Freed memory keeps no frame, no token and no address.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// The server could not start.
const EXIT_NOT_STARTED: u8 = 1;

/// An option or a setting is wrong, as clap has it.
const EXIT_MISUSED: u8 = 2;

/// The server gave up on itself (`EX_SOFTWARE` of sysexits.h).
const EXIT_GAVE_UP: u8 = 70;

/// A second signal came while it was saying goodbye (128 and SIGINT's number, as shells count).
const EXIT_INTERRUPTED: u8 = 130;

/// The port that goes without saying.
const HTTPS_PORT: u16 = 443;

/// Failures that are told of, so that stderr cannot be flooded: the first tell what is wrong.
const FAILURES_SAID_MAX: usize = 16;

static FAILURES_SAID: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    process::keep_to_itself();
    std::panic::set_hook(Box::new(say_where));
    if let Some(text) = options::manual::if_asked(std::env::args_os()) {
        // Whoever read our answer and hung up has read enough.
        let printed = text.and_then(|text| io::stdout().write_all(&text));
        return ExitCode::from(if printed.is_ok() { 0 } else { EXIT_NOT_STARTED });
    }
    let invocation = match Invocation::of_this_process() {
        Ok(invocation) => invocation,
        Err(error) => {
            say(&error.to_string());
            return ExitCode::from(EXIT_MISUSED);
        }
    };
    let lines = invocation.lines.clone();
    let done = match invocation.options.task {
        Task::Serve => run(invocation.options),
        Task::CheckConfig => check(invocation),
        Task::PrintConfig => print(&invocation.settings()),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            say(&lines.place(&format!("{error:#}")));
            ExitCode::from(EXIT_NOT_STARTED)
        }
    }
}

/// As far as can be told without starting anything.
fn check(invocation: Invocation) -> anyhow::Result<ExitCode> {
    let approval = invocation.approval();
    let plan = memory::plan(invocation.options.memory.lock_memory)?;
    let config = invocation.options.fitted(process::open_files_max())?.into_config()?;
    sanctuary_engine::check(&config)?;
    match plan {
        Plan::LeaveAndSay(said) => print(&format!("{approval}\n{said}\n")),
        Plan::Try | Plan::Insist | Plan::Leave => print(&format!("{approval}\n")),
    }
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    io::stdout().write_all(text.as_bytes()).context("nobody reads the answer")?;
    Ok(ExitCode::SUCCESS)
}

fn run(options: Options) -> anyhow::Result<ExitCode> {
    if let Some(said) = memory::carry_out(memory::plan(options.memory.lock_memory)?)? {
        say(&said.to_string());
    }
    let config = options.fitted(process::open_files_max())?.into_config()?;
    let runtime = runtime().enable_all().build().context("the runtime does not start")?;
    let code = runtime.block_on(serve(config));
    // Whatever still runs has had its time.
    runtime.shutdown_background();
    code
}

/// On one core there is nobody to share the work with, and sharing costs.
fn runtime() -> tokio::runtime::Builder {
    let mut runtime = match std::thread::available_parallelism() {
        Ok(cores) if cores.get() == 1 => tokio::runtime::Builder::new_current_thread(),
        Ok(_) | Err(_) => tokio::runtime::Builder::new_multi_thread(),
    };
    runtime.on_thread_park(stack::wipe);
    runtime
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen().context("signals cannot be heard")?;
    let tls = config.tls.clone();
    // The chat is worth more than the manager's word: without it a server is as good.
    let manager = ServiceManager::of_this_process().unwrap_or_else(|deaf| {
        say(&deaf.to_string());
        ServiceManager::default()
    });
    let engine = sanctuary_engine::start(config).await?;
    #[cfg(feature = "faults")]
    engine.fail_on_signal()?;
    let _ = writeln!(io::stdout(), "Sanctuary is open at {}", places(tls.as_ref(), &engine));
    manager.ready();
    tokio::select! {
        never = pass_on(&engine) => match never {},
        never = manager.watch(&engine) => match never {},
        ended = engine.ended() => Ok(give_up(&engine, ended).await),
        order = engine.ordered() => {
            manager.stopping();
            Ok(obey(order, &engine, &mut signals).await)
        }
        () = signals.next() => {
            manager.stopping();
            Ok(obey(Order::Stop, &engine, &mut signals).await)
        }
    }
}

/// A signal while it says goodbye cuts that short.
async fn obey(order: Order, engine: &Engine, signals: &mut Signals) -> ExitCode {
    let farewell = async {
        match order {
            Order::Stop => engine.shut_down().await,
            Order::Panic => engine.cut_off().await,
        }
    };
    tokio::select! {
        () = farewell => ExitCode::SUCCESS,
        () = signals.next() => ExitCode::from(EXIT_INTERRUPTED),
    }
}

async fn give_up(engine: &Engine, ended: Ended) -> ExitCode {
    engine.shut_down().await;
    match ended {
        Ended::ShutDown => ExitCode::SUCCESS,
        Ended::GaveUp(_) | Ended::Failed => {
            say(&ended.to_string());
            ExitCode::from(EXIT_GAVE_UP)
        }
    }
}

/// Ctrl-C, a terminal that closes, and what a service manager sends.
struct Signals {
    interrupt: Signal,
    hang_up: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.hang_up.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Says what the engine has to say, for ever. Each cause speaks now and then, so nothing is flooded.
async fn pass_on(engine: &Engine) -> Infallible {
    loop {
        say(&engine.remark().await.to_string());
    }
}

/// What to type into a browser, and what to tell a proxy.
fn places(tls: Option<&Tls>, engine: &Engine) -> String {
    let scheme = if tls.is_some() { "https" } else { "http" };
    let domains = tls.map(Tls::domains).unwrap_or_default();
    let port = engine.addresses().first().map_or(HTTPS_PORT, SocketAddr::port);
    let named = domains.iter().map(|domain| match port {
        HTTPS_PORT => format!("https://{}/", domain.as_str()),
        port => format!("https://{}:{port}/", domain.as_str()),
    });
    let addresses = engine.addresses().iter().filter(|_| domains.is_empty());
    let places = addresses.map(|address| {
        let port = address.port();
        if address.ip().is_unspecified() {
            format!("{scheme}://localhost:{port}/")
        } else {
            format!("{scheme}://{address}/")
        }
    });
    let unix = engine.unix().map(|path| format!("unix:{}", path.display()));
    let mut places: Vec<_> = named.chain(places).chain(unix).collect();
    places.dedup();
    places.join(" and ")
}

/// Where, and never what: a panic's words may quote what somebody typed. Nor in which folder it was
/// compiled.
fn say_where(panic: &PanicHookInfo<'_>) {
    if FAILURES_SAID.fetch_add(1, Ordering::Relaxed) >= FAILURES_SAID_MAX {
        return;
    }
    match panic.location() {
        Some(place) => {
            let file = place.file().rsplit('/').next().unwrap_or_default();
            say(&format!("a part failed at {file}:{}", place.line()));
        }
        None => say("a part failed"),
    }
}

fn say(sentence: &str) {
    let _ = writeln!(io::stderr(), "sanctuary: {sentence}");
}
