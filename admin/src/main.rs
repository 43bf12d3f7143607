//! The binary `sanctuary-admin`: reads its arguments, runs, and ends with the exit code. Everything
//! else is the library's.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = std::env::args_os;
    let beside_the_server = sanctuary_admin::verify::if_asked(arguments())
        .or_else(|| sanctuary_admin::manual::if_asked(arguments()));
    if let Some(code) = beside_the_server {
        return code;
    }
    sanctuary_admin::cli::run(&sanctuary_admin::cli::Arguments::from_command_line())
}
