//! The known answers of `docs/PROTOCOL.md`, for the tests that hold the code to them. Each stands in a
//! fenced block of its own, labelled `known` and a name.

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/PROTOCOL.md");

/// The lines of a block; `None` when there is none of that name.
pub(crate) fn text(name: &str) -> Option<String> {
    let document = std::fs::read_to_string(DOCUMENT).unwrap();
    let (_, block) = document.split_once(&format!("```known {name}\n"))?;
    block.split_once("```").map(|(lines, _)| lines.trim().to_owned())
}

/// The bytes of a block, written in hexadecimal digits.
pub(crate) fn bytes(name: &str) -> Option<Vec<u8>> {
    let digits: String = text(name)?.split_whitespace().collect();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    Some((0..digits.len()).step_by(2).map(byte).collect())
}

/// Every answer is documented as the code gives it.
#[track_caller]
pub(crate) fn check(answers: &[(&str, &[u8])]) {
    let wrong = answers.iter().filter(|(name, answer)| bytes(name).as_deref() != Some(*answer));
    let paste: Vec<String> = wrong.map(|(name, answer)| block(name, answer)).collect();
    assert!(paste.is_empty(), "paste into docs/PROTOCOL.md:\n\n{}", paste.join("\n"));
}

fn block(name: &str, answer: &[u8]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let lines: Vec<String> = answer.chunks(48).map(hex).collect();
    format!("```known {name}\n{}\n```\n", lines.join("\n"))
}
