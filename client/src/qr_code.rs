//! A text as the square that a phone's camera reads (ISO/IEC 18004). Knows no link and no colours.

use std::fmt;

use qrcodegen::QrCodeEcc;

/// Light modules around the square: a camera finds none without (ISO/IEC 18004, §9.1).
const QUIET_MODULES: i32 = 4;

/// A text as a square of dark and light modules.
#[derive(Clone)]
pub struct QrCode {
    encoded: qrcodegen::QrCode,
}

/// Dark modules side by side, and light ones at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The row, from the top.
    pub row: i32,
    /// The first one's column, from the left.
    pub column: i32,
    /// How many.
    pub modules: i32,
}

impl QrCode {
    /// None for more than 2,953 bytes, which no square holds; the longest invitation is shorter
    /// wherever a room is reached. A screen is neither torn nor stained, so that the weakest
    /// correction will do, and the least modules are the largest; it is stronger where that costs
    /// no module.
    pub fn of(text: &str) -> Option<Self> {
        let encoded = qrcodegen::QrCode::encode_binary(text.as_bytes(), QrCodeEcc::Low).ok()?;
        Some(Self { encoded })
    }

    /// Modules from edge to edge, the quiet ones around it too.
    pub fn side(&self) -> i32 {
        self.encoded.size() + 2 * QUIET_MODULES
    }

    /// Every dark module, from the top left.
    pub fn runs(&self) -> impl Iterator<Item = Run> {
        (0..self.side()).flat_map(move |row| {
            let mut column = 0;
            std::iter::from_fn(move || {
                column += self.modules_of(row, column, Module::Light);
                let modules = self.modules_of(row, column, Module::Dark);
                let run = Run { row, column, modules };
                column += modules;
                (modules > 0).then_some(run)
            })
        })
    }

    /// How many of that kind there are side by side from there on.
    fn modules_of(&self, row: i32, column: i32, kind: Module) -> i32 {
        let is_other = |column: &i32| self.module(row, *column) != kind;
        let end = (column..self.side()).find(is_other).unwrap_or(self.side());
        end - column
    }

    fn module(&self, row: i32, column: i32) -> Module {
        // What is outside of the square is light.
        match self.encoded.get_module(column - QUIET_MODULES, row - QUIET_MODULES) {
            true => Module::Dark,
            false => Module::Light,
        }
    }
}

/// One of the little squares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Module {
    Dark,
    Light,
}

/// It is as secret as the text.
impl fmt::Debug for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { encoded: _ } = self;
        f.debug_struct("QrCode").field("side", &self.side()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rqrr::PreparedImage;

    use super::*;

    /// Pixels to a module, as on a screen.
    const PIXELS: usize = 3;

    /// What another implementation reads in the drawn runs.
    fn read(code: &QrCode) -> String {
        let side = usize::try_from(code.side()).unwrap();
        let mut dark = vec![false; side * side];
        for Run { row, column, modules } in code.runs() {
            let first = usize::try_from(row).unwrap() * side + usize::try_from(column).unwrap();
            for module in &mut dark[first..first + usize::try_from(modules).unwrap()] {
                assert!(!*module, "drawn twice");
                *module = true;
            }
        }
        let paint = |x, y| if dark[y / PIXELS * side + x / PIXELS] { 20 } else { 250 };
        let mut image = PreparedImage::prepare_from_greyscale(side * PIXELS, side * PIXELS, paint);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn another_implementation_reads_the_same_text() {
        for text in [
            "https://sanctuary.example/#quiet-harbour-41.correct-horse-battery-staple-lantern",
            "http://127.0.0.1:8080/#a.b",
            "http://[::1]:8080/#%C3%A9%2E.%F0%9F%9A%AA",
        ] {
            assert_eq!(read(&QrCode::of(text).unwrap()), text);
        }
    }

    #[test]
    fn the_longest_invitation_fits_and_what_is_longer_than_any_has_none() {
        let longest = format!(
            "https://{}/#{}.{}",
            "h".repeat(253),
            "%F0%9F%9A%AA".repeat(64),
            "%F0%9F%9A%AA".repeat(128)
        );
        assert_eq!(read(&QrCode::of(&longest).unwrap()), longest);
        assert!(QrCode::of(&"x".repeat(2_954)).is_none());
    }

    #[test]
    fn the_quiet_zone_is_light_on_every_side() {
        let code = QrCode::of("https://sanctuary.example/#a.b").unwrap();
        let quiet = QUIET_MODULES..code.side() - QUIET_MODULES;
        for Run { row, column, modules } in code.runs() {
            assert!(quiet.contains(&row) && quiet.contains(&column));
            assert!(quiet.contains(&(column + modules - 1)));
        }
    }

    #[test]
    fn its_debug_shows_nothing_of_the_text() {
        let code = QrCode::of("https://sanctuary.example/#a.b").unwrap();
        assert_eq!(format!("{code:?}"), "QrCode { side: 33, .. }");
    }
}
