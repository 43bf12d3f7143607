//! The manual page, and what shells complete, made of the tool's own tables so that neither can be out
//! of step with them.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::{command, flags};
use crate::subcommands::BESIDE_THE_SERVER;
use crate::verb::{TABLE, Verb};

/// Section 8 of the manual: what an administrator runs (man-pages(7)).
const SECTION: &str = "8";

const MORE: &str = ".SH SEE ALSO\n.BR sanctuary (8)\n";

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
            Man::new(flags()).section(SECTION).date("").render(&mut text)?;
            text.extend_from_slice(commands().as_bytes());
            text.extend_from_slice(MORE.as_bytes());
        }
    }
    out.write_all(&text)
}

/// Every command, explained, in the manual's own language (man(7)).
fn commands() -> String {
    let verbs = TABLE.iter().map(entry);
    let others = BESIDE_THE_SERVER
        .iter()
        .map(|(word, about)| format!(".TP\n\\fB{word}\\fR\n{}.\n", plain(about)));
    format!(".SH COMMANDS\n{}", verbs.chain(others).collect::<String>())
}

fn entry(verb: &Verb) -> String {
    let (usage, summary) = (plain(&verb.usage()), plain(verb.summary));
    let details: String = verb.details.lines().map(|line| format!("{}\n", plain(line))).collect();
    format!(".TP\n\\fB{usage}\\fR\n{summary}.\n.sp\n.nf\n{details}.fi\n")
}

/// With nothing in it that the manual's language takes for its own.
fn plain(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('-', "\\-");
    if escaped.starts_with(['.', '\'']) { format!("\\&{escaped}") } else { escaped }
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
        for word in TABLE.iter().map(|verb| verb.word).chain(options) {
            assert!(manual.contains(&word.replace('-', "\\-")), "{word}");
            for text in &completed {
                assert!(text.contains(word), "{word}: {text}");
            }
        }
    }
}
