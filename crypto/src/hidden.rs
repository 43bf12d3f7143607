//! Characters that are not seen: they act on the text around them, or hide in it. The one table of
//! them, for names and for messages. Knows nothing of what is done about them.

/// Whether a character acts or hides rather than being seen. White space is seen; of the controls,
/// only the tab and the line feed are.
///
/// Hidden are Unicode's controls and separators of lines (Cc, Zl, Zp), the format characters that
/// have no shape (Cf), what is ignored when drawn (`Default_Ignorable_Code_Point`), the
/// noncharacters, and the blanks that are no white space.
pub const fn is_hidden(character: char) -> bool {
    is_control(character)
        || is_ignored(character)
        || is_shapeless_format(character)
        || is_blank(character)
        || is_noncharacter(character)
}

/// Cc, Zl and Zp.
const fn is_control(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}'
    )
}

/// `Default_Ignorable_Code_Point` (Unicode 17, `DerivedCoreProperties.txt`), those in reserve too.
const fn is_ignored(character: char) -> bool {
    matches!(
        character,
        // Soft hyphen, grapheme joiner, Arabic letter mark.
        '\u{ad}' | '\u{34f}' | '\u{61c}'
            // Hangul fillers: letters without a shape. Khmer's inherent vowels.
            | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}' | '\u{17b5}'
            // Mongolian selectors and vowel separator.
            | '\u{180b}'..='\u{180f}'
            // Zero width space and joiners, direction marks; embeddings and overrides.
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            // Word joiner, invisible operators, isolates, deprecated format characters.
            | '\u{2060}'..='\u{206f}'
            // Variation selectors, byte order mark.
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fff8}'
            // Controls of shorthand and of musical notation.
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Tags, a second, unseen alphabet; and the rest of the variation selectors.
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Of Cf what is drawn nowhere, though not to be ignored: the marks of annotations, and what joins
/// hieroglyphs.
const fn is_shapeless_format(character: char) -> bool {
    matches!(character, '\u{fff9}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}')
}

/// Blanks that are no white space: Braille's, the object that is not there, Khitan's filler, the
/// null notehead.
const fn is_blank(character: char) -> bool {
    matches!(character, '\u{2800}' | '\u{fffc}' | '\u{16fe4}' | '\u{1d159}')
}

const fn is_noncharacter(character: char) -> bool {
    matches!(character, '\u{fdd0}'..='\u{fdef}') || character as u32 & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_character_of(class: &str) -> impl Iterator<Item = char> {
        let class = regex::Regex::new(&format!(r"\A{class}\z")).unwrap();
        ('\0'..=char::MAX).filter(move |it| class.is_match(it.encode_utf8(&mut [0; 4])))
    }

    #[test]
    fn whatever_unicode_ignores_or_obeys_is_hidden() {
        let mut seen = 0;
        for character in every_character_of(
            r"[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]",
        ) {
            seen += 1;
            let is_layout = matches!(character, '\t' | '\n');
            assert_eq!(is_hidden(character), !is_layout, "{character:?}");
        }
        assert!(seen > 4_000, "{seen}");
    }

    #[test]
    fn only_format_characters_that_are_drawn_are_seen() {
        let seen: Vec<char> =
            every_character_of(r"\p{Cf}").filter(|character| !is_hidden(*character)).collect();
        // Signs over or under the digits and letters that follow.
        let drawn = "\u{600}\u{601}\u{602}\u{603}\u{604}\u{605}\u{6dd}\u{70f}\u{890}\u{891}\u{8e2}\
                     \u{110bd}\u{110cd}";
        assert_eq!(seen, drawn.chars().collect::<Vec<_>>());
    }

    #[test]
    fn letters_digits_signs_and_spaces_are_seen() {
        let hidden: Vec<char> = every_character_of(r"[\p{L}\p{N}\p{P}\p{S}\p{Zs}\p{Co}]")
            .filter(|character| is_hidden(*character))
            .collect();
        // The blanks among them, by what Unicode calls a letter or a sign.
        let blank = "\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}\u{fffc}\u{1d159}";
        assert_eq!(hidden, blank.chars().collect::<Vec<_>>());
    }
}
