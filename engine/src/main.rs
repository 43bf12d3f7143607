//! The server `sanctuary`: options in, one line out, an engine in between. Prints the address to
//! open and nothing else, ever; what people type and where they are is not its business.

mod options;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use options::Options;
use sanctuary_engine::{Config, Ended, Engine};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The server could not start.
const EXIT_NOT_STARTED: u8 = 1;

/// The server gave up on itself (`EX_SOFTWARE` of sysexits.h).
const EXIT_GAVE_UP: u8 = 70;

/// A second signal came while it was saying goodbye (128 and SIGINT's number, as shells count).
const EXIT_INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(say_where));
    let options = Options::parse();
    match run(options) {
        Ok(code) => code,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::from(EXIT_NOT_STARTED)
        }
    }
}

fn run(options: Options) -> anyhow::Result<ExitCode> {
    let config = options.into_config()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime does not start")?;
    let code = runtime.block_on(serve(config));
    // Whatever still runs has had its time.
    runtime.shutdown_background();
    code
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen().context("signals cannot be heard")?;
    let engine = sanctuary_engine::start(config).await?;
    let _ = writeln!(io::stdout(), "Sanctuary is open at {}", places(engine.addresses()));
    tokio::select! {
        ended = engine.ended() => Ok(give_up(&engine, ended).await),
        () = signals.next() => tokio::select! {
            () = engine.shut_down() => Ok(ExitCode::SUCCESS),
            () = signals.next() => Ok(ExitCode::from(EXIT_INTERRUPTED)),
        },
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

/// Ctrl-C, and what a service manager sends.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// What to type into a browser.
fn places(addresses: &[SocketAddr]) -> String {
    let places = addresses.iter().map(|address| {
        let port = address.port();
        if address.ip().is_unspecified() {
            format!("http://localhost:{port}/")
        } else {
            format!("http://{address}/")
        }
    });
    let mut places: Vec<_> = places.collect();
    places.dedup();
    places.join(" and ")
}

/// Where, and never what: a panic's words may quote what somebody typed.
fn say_where(panic: &PanicHookInfo<'_>) {
    match panic.location() {
        Some(place) => say(&format!("a part failed at {}:{}", place.file(), place.line())),
        None => say("a part failed"),
    }
}

fn say(sentence: &str) {
    let _ = writeln!(io::stderr(), "sanctuary: {sentence}");
}
