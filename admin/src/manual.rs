//! The manual page, and what shells complete, made of the tool's own tables so that neither can be out
//! of step with them.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Command, CommandFactory as _, Parser};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::Arguments;
use crate::command::Verb;

/// Section 8 of the manual: what an administrator runs (man-pages(7)).
const SECTION: &str = "8";

const MORE: &str = ".SH SEE ALSO\n.BR sanctuary (8)\n";

/// Commands that are no verb of the server's.
const BESIDE_THE_SERVER: [(&str, &str); 3] = [
    ("verify", "hold what a server serves against a release"),
    ("completions", "print what a shell completes"),
    ("manual", "print the manual page"),
];

/// What the tool can be asked about itself.
#[derive(Parser)]
#[command(name = "sanctuary-admin", bin_name = "sanctuary-admin")]
enum Asked {
    /// Print the completions for a shell
    Completions {
        /// Which
        shell: Shell,
    },
    /// Print the manual page
    Manual,
}

/// Prints it, if that is what the process was called for. Ends the process for a wrong word.
pub fn if_asked(arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.peekable();
    let program = arguments.next()?;
    let first = arguments.peek()?;
    if first != "completions" && first != "manual" {
        return None;
    }
    let asked = Asked::parse_from([program].into_iter().chain(arguments));
    // Whoever read our answer and hung up has read enough.
    let _ = print(asked, &mut io::stdout());
    Some(ExitCode::SUCCESS)
}

fn print(asked: Asked, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    match asked {
        Asked::Completions { shell } => {
            clap_complete::generate(shell, &mut command(), "sanctuary-admin", &mut text);
        }
        Asked::Manual => {
            let command = Arguments::full_command();
            Man::new(command).section(SECTION).date("").render(&mut text)?;
            text.extend_from_slice(MORE.as_bytes());
        }
    }
    out.write_all(&text)
}

/// The tool's command with its words as subcommands, which every shell's generator completes; it does not
/// complete an argument's values in each.
fn command() -> Command {
    let rows = Verb::ALL.into_iter().map(Verb::row).map(|row| (row.word, row.summary));
    let words = rows.chain(BESIDE_THE_SERVER);
    Arguments::command()
        .disable_help_subcommand(true)
        .subcommands(words.map(|(word, about)| Command::new(word).about(about)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(asked: Asked) -> String {
        let mut text = Vec::new();
        print(asked, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_manual_and_every_shell_know_each_verb_and_each_option() {
        let manual = printed(Asked::Manual);
        let completed = [Shell::Bash, Shell::Zsh, Shell::Fish]
            .map(|shell| printed(Asked::Completions { shell }));
        let command = command();
        let options = command.get_arguments().filter_map(|argument| argument.get_long());
        for word in Verb::ALL.into_iter().map(|verb| verb.row().word).chain(options) {
            assert!(manual.contains(&word.replace('-', "\\-")), "{word}");
            for text in &completed {
                assert!(text.contains(word), "{word}: {text}");
            }
        }
    }
}
