//! Keys that format what is being written, by the signs that Markdown has for it.

use std::ops::Range;

use super::Room;
use crate::update::Context;
use crate::{Effect, Field};

/// A way to format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Bold.
    Strong,
    /// Italic.
    Emphasis,
    /// Struck through.
    Deletion,
    /// As it is typed.
    Code,
}

impl Format {
    const fn sign(self) -> &'static str {
        match self {
            Self::Strong => "**",
            Self::Emphasis => "*",
            Self::Deletion => "~~",
            Self::Code => "`",
        }
    }
}

/// A draft with the signs around what is selected, or without them where they are there already; and
/// where the caret stands then: behind the words, before the closing sign where there are none yet.
fn toggled(draft: &str, selection: Range<usize>, sign: &str) -> (String, usize) {
    let (before, after) = (&draft[..selection.start], &draft[selection.end..]);
    let selected = &draft[selection];
    let bare = selected.strip_prefix(sign).and_then(|inner| inner.strip_suffix(sign));
    if let Some(bare) = bare {
        return ([before, bare, after].concat(), before.len() + bare.len());
    }
    // A longer sign that ends in this one is another's.
    let ends = |text: &str| text.ends_with(sign) && !text.ends_with(&sign.repeat(2));
    if let (true, Some(rest)) = (ends(before), after.strip_prefix(sign)) {
        let before = &before[..before.len() - sign.len()];
        return ([before, selected, rest].concat(), before.len() + selected.len());
    }
    let caret = before.len() + sign.len() + selected.len();
    let caret = if selected.is_empty() { caret } else { caret + sign.len() };
    ([before, sign, selected, sign, after].concat(), caret)
}

impl Room {
    /// Formats what is selected of the draft.
    pub(super) fn format(
        &mut self,
        format: Format,
        selection: Range<usize>,
        context: &mut Context<'_>,
    ) {
        if self.composer.draft.get(selection.clone()).is_some() {
            let (draft, caret) = toggled(&self.composer.draft, selection, format.sign());
            self.composer.edit(draft, caret);
            context.perform(Effect::Focus(Field::Composer));
        }
    }

    /// Puts words in the place of what is selected of the draft.
    pub(super) fn paste(
        &mut self,
        words: &str,
        selection: Range<usize>,
        context: &mut Context<'_>,
    ) {
        let mut draft = self.composer.draft.clone();
        if draft.get(selection.clone()).is_some() {
            let caret = selection.start + words.len();
            draft.replace_range(selection, words);
            self.composer.edit(draft, caret);
            context.perform(Effect::Focus(Field::Composer));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drafts with the selection between `[` and `]`, before; and with the caret as `|`, after.
    #[track_caller]
    fn check(format: Format, before: &str, after: &str) {
        let start = before.find('[').unwrap();
        let end = before.find(']').unwrap() - 1;
        let draft = before.replace(['[', ']'], "");
        let (mut toggled, caret) = toggled(&draft, start..end, format.sign());
        toggled.insert(caret, '|');
        assert_eq!(toggled, after, "{before:?}");
    }

    #[test]
    fn the_signs_come_around_what_is_selected_and_go_again() {
        check(Format::Strong, "a [b] c", "a **b**| c");
        check(Format::Strong, "a [**b**] c", "a b| c");
        check(Format::Strong, "a **[b]** c", "a b| c");
        check(Format::Emphasis, "[é]", "*é*|");
        check(Format::Deletion, "[a]", "~~a~~|");
        check(Format::Code, "[a]b", "`a`|b");
    }

    #[test]
    fn with_nothing_selected_the_caret_stands_between_the_signs() {
        check(Format::Strong, "a []", "a **|**");
        check(Format::Strong, "a **[]**", "a |");
    }

    #[test]
    fn a_sign_within_a_longer_one_is_left_alone() {
        check(Format::Emphasis, "**[b]**", "***b*|**");
    }
}
