//! `audit`: show everything the server holds.

use sanctuary_protocol::admin::{AdminReply, AdminRequest, Audit, Datum, Memory, OpenFiles};

use super::{Argument, Verb};
use crate::command::Command;
use crate::perform::{Desk, Failure};
use crate::show::{bytes, count, list, table};

pub(super) const VERB: Verb = Verb {
    word: "audit",
    also: &[],
    argument: Argument::None,
    flags: &[],
    summary: "show everything the server holds, and how long",
    details: "Every kind of thing that is in its memory at this moment, how many there are, and\n\
              when each goes; what the system was asked to keep from others and from the disk;\n\
              and the files it has open. There is nothing else.",
    read: |_| Ok(Command::Audit),
};

pub(super) fn perform(desk: &mut Desk<'_>) -> Result<(), Failure> {
    desk.answer(&AdminRequest::Audit, |reply| match reply {
        AdminReply::Audit(audit) => Some(words(audit)),
        _ => None,
    })
}

fn words(audit: &Audit) -> String {
    let head = ["count", "bytes", "what", "until"].map(str::to_owned);
    let mut lines = vec![head];
    lines.extend(audit.held.iter().map(|held| {
        let (what, until) = told(held.datum);
        let size = held.bytes.map(bytes).unwrap_or_default();
        [held.count.to_string(), size, what.to_owned(), until.to_owned()]
    }));
    let Memory { locked_bytes, swapped_bytes, core_dump_bytes_max } = audit.memory;
    let memory = list(&[
        ("locked in memory", if locked_bytes == 0 { "no".to_owned() } else { bytes(locked_bytes) }),
        ("swapped out", bytes(swapped_bytes)),
        ("core dump", if core_dump_bytes_max == 0 { "none".into() } else { "possible".into() }),
    ]);
    format!("in memory\n{}\n{memory}open files        {}\n", left(&lines), files(audit.files))
}

/// What it is, and when it goes.
const fn told(datum: Datum) -> (&'static str, &'static str) {
    match datum {
        Datum::RoomId => ("room ids, hashes of names", "the room ends"),
        Datum::TokenKey => ("keys of resume tokens", "the room ends"),
        Datum::Seat => {
            ("seats: number, here or gone, token's hash", "the member leaves or expires")
        }
        Datum::Knock => ("newcomers at doors: number", "let in, or gone"),
        Datum::SealedFrames => {
            ("sealed frames for who is gone or slow", "read, shed, or the room ends")
        }
        Datum::Connection => ("connections, addresses in the kernel", "the connection ends"),
        Datum::AddressTag => ("addresses' keyed hashes", "10 minutes, or the connection ends"),
    }
}

fn files(files: OpenFiles) -> String {
    let OpenFiles { sockets, pipes, devices, anonymous, files_to_write, files_to_read } = files;
    let kinds = [
        (sockets, "socket"),
        (pipes, "pipe"),
        (devices, "device"),
        (anonymous, "queue"),
        (files_to_read, "file to read"),
    ];
    let some = kinds.into_iter().filter(|(number, _)| *number > 0);
    let mut words: Vec<_> = some.map(|(number, noun)| count(number.into(), noun)).collect();
    words.push(match files_to_write {
        0 => "no file to write".to_owned(),
        number => format!("{number} to write"),
    });
    words.join(", ")
}

/// Numbers to the right, words to the left.
fn left(lines: &[[String; 4]]) -> String {
    let whole = table(
        &lines.iter().map(|[count, size, ..]| [count.clone(), size.clone()]).collect::<Vec<_>>(),
    );
    let width = lines.iter().map(|[_, _, what, _]| what.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (numbers, [_, _, what, until]) in whole.lines().zip(lines) {
        text.push_str(&format!("{numbers}  {what:width$}  {until}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::admin::Held;

    use super::*;

    #[test]
    fn each_kind_stands_with_its_end() {
        let audit = Audit {
            held: vec![
                Held { datum: Datum::RoomId, count: 2, bytes: None },
                Held { datum: Datum::SealedFrames, count: 31, bytes: Some(12_288) },
            ],
            memory: Memory { locked_bytes: 0, swapped_bytes: 0, core_dump_bytes_max: 0 },
            files: OpenFiles { sockets: 5, pipes: 2, anonymous: 3, ..OpenFiles::default() },
        };
        let expected = "\
in memory
count   bytes  what                                   until
2              room ids, hashes of names              the room ends
31     12 KiB  sealed frames for who is gone or slow  read, shed, or the room ends

locked in memory  no
swapped out       0 B
core dump         none
open files        5 sockets, 2 pipes, 3 queues, no file to write
";
        assert_eq!(words(&audit), expected);
    }
}
