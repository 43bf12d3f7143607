//! The binary `sanctuary-admin`: reads its arguments, runs, and ends with the exit code. Everything
//! else is the library's.

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = sanctuary_admin::verify::if_asked(std::env::args_os()) {
        return code;
    }
    sanctuary_admin::cli::run(&sanctuary_admin::cli::Arguments::from_command_line())
}
