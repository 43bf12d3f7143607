//! The manual page, and what shells complete, made of the options themselves so that neither can be out
//! of step with them. Must not start anything.

use std::ffi::OsString;
use std::io;

use clap::{Command, CommandFactory as _, Parser};
use clap_complete::Shell;
use clap_mangen::Man;

use super::Options;

/// Section 8 of the manual: what an administrator runs (man-pages(7)).
const SECTION: &str = "8";

/// What the help says of these two.
pub(super) const WORDS: &str = "About the program itself:\n  \
     completions SHELL  Print what a shell completes\n  \
     manual             Print the manual page";

/// What follows the options on the page, in the manual's own language (man(7)).
const MORE: &str = ".SH FILES\n.TP\nsanctuary.toml\nSettings, in the folder it is started in, or wherever \
     \\fB\\-\\-config\\fR says. The Debian package's service reads \
     \\fI/etc/sanctuary/sanctuary.toml\\fR.\n.SH EXIT STATUS\n.TP\n0\nIt was asked to stop, and has.\n\
     .TP\n1\nIt could not start.\n.TP\n2\nAn option or a setting is wrong.\n.TP\n70\nIt gave up on \
     itself, and is to be started again.\n.TP\n130\nA second signal ended it while it said goodbye.\n\
     .SH SEE ALSO\n.BR sanctuary\\-admin (8)\n";

/// What the program can be asked about itself.
#[derive(Parser)]
#[command(name = "sanctuary", bin_name = "sanctuary")]
enum Asked {
    /// Print the completions for a shell
    Completions {
        /// Which
        shell: Shell,
    },
    /// Print the manual page
    Manual,
}

/// What to print, if that is what the process was called for. Ends the process for a wrong word.
pub(crate) fn if_asked(arguments: impl Iterator<Item = OsString>) -> Option<io::Result<Vec<u8>>> {
    let mut arguments = arguments.peekable();
    let program = arguments.next()?;
    let first = arguments.peek()?;
    if first != "completions" && first != "manual" {
        return None;
    }
    let asked = Asked::parse_from([program].into_iter().chain(arguments));
    Some(text_of(asked, Options::command()))
}

fn text_of(asked: Asked, mut command: Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match asked {
        Asked::Completions { shell } => {
            clap_complete::generate(shell, &mut command, "sanctuary", &mut text);
        }
        Asked::Manual => {
            Man::new(command).section(SECTION).date("").render(&mut text)?;
            text.extend_from_slice(MORE.as_bytes());
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(asked: Asked) -> String {
        String::from_utf8(text_of(asked, Options::command()).unwrap()).unwrap()
    }

    #[test]
    fn the_manual_names_every_option_and_every_shell_completes_it() {
        let manual = printed(Asked::Manual);
        for argument in Options::command().get_arguments() {
            let Some(name) = argument.get_long() else { continue };
            assert!(manual.contains(&name.replace('-', "\\-")), "{name}");
            for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
                assert!(printed(Asked::Completions { shell }).contains(name), "{name} in {shell}");
            }
        }
        assert!(manual.contains("sanctuary 8"), "{manual}");
    }

    #[test]
    fn only_those_two_words_are_about_the_program_itself() {
        for words in [&["sanctuary"][..], &["sanctuary", "serve"], &["sanctuary", "--port", "0"]] {
            assert!(if_asked(words.iter().map(OsString::from)).is_none(), "{words:?}");
        }
    }
}
