//! The elements a message may use. All of them format; none of them loads, runs or reaches out.
//! What is not in this list cannot be said on the wire.

use serde::{Deserialize, Serialize};

macro_rules! tags {
    ($($variant:ident $name:literal)*) => {
        /// A formatting element of HTML. On the wire it is its place in this list, so that the list
        /// only ever grows at its end.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Tag {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Tag {
            /// Every tag, in the order of the wire.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in HTML, in lower case.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

tags! {
    B "b"
    Strong "strong"
    I "i"
    Em "em"
    U "u"
    S "s"
    Del "del"
    Ins "ins"
    Mark "mark"
    Small "small"
    Sub "sub"
    Sup "sup"
    Code "code"
    Kbd "kbd"
    Samp "samp"
    Var "var"
    Pre "pre"
    Q "q"
    Cite "cite"
    Abbr "abbr"
    Dfn "dfn"
    Blockquote "blockquote"
    H1 "h1"
    H2 "h2"
    H3 "h3"
    H4 "h4"
    H5 "h5"
    H6 "h6"
    Ul "ul"
    Ol "ol"
    Li "li"
    Dl "dl"
    Dt "dt"
    Dd "dd"
    Hr "hr"
    Br "br"
    Wbr "wbr"
    P "p"
    Bdi "bdi"
    Ruby "ruby"
    Rb "rb"
    Rt "rt"
    Rp "rp"
}

impl Tag {
    /// The tag of that name, in either case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|tag| tag.name().eq_ignore_ascii_case(name))
    }

    /// Whether it holds nothing by its nature.
    pub const fn is_void(self) -> bool {
        matches!(self, Self::Hr | Self::Br | Self::Wbr)
    }

    /// Whether it stands on lines of its own.
    pub const fn is_block(self) -> bool {
        matches!(
            self,
            Self::Pre
                | Self::Blockquote
                | Self::H1
                | Self::H2
                | Self::H3
                | Self::H4
                | Self::H5
                | Self::H6
                | Self::Ul
                | Self::Ol
                | Self::Li
                | Self::Dl
                | Self::Dt
                | Self::Dd
                | Self::Hr
                | Self::P
        )
    }

    /// Whether it holds items and no text of its own, so that a line break in it is only layout.
    pub(super) const fn is_container(self) -> bool {
        matches!(self, Self::Ul | Self::Ol | Self::Dl | Self::Ruby)
    }

    /// Whether opening `next` ends this element without a closing tag, as in HTML.
    pub(super) const fn ends_before(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Li, Self::Li)
                | (Self::P, Self::P)
                | (Self::Dt | Self::Dd, Self::Dt | Self::Dd)
                | (Self::Rb | Self::Rt | Self::Rp, Self::Rb | Self::Rt | Self::Rp)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_found_by_its_name_in_either_case() {
        for tag in Tag::ALL {
            assert_eq!(Tag::from_name(tag.name()), Some(*tag));
            assert_eq!(Tag::from_name(&tag.name().to_ascii_uppercase()), Some(*tag));
        }
    }

    #[test]
    fn nothing_that_loads_or_runs_is_a_tag() {
        let names = "script style img svg math iframe object embed form input button video audio \
                     link meta base template slot div span a";
        for name in names.split_whitespace() {
            assert_eq!(Tag::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn the_wire_knows_each_tag_by_its_place() {
        let places: Vec<u8> =
            Tag::ALL.iter().flat_map(|tag| postcard::to_allocvec(tag).unwrap()).collect();
        assert_eq!(places, (0..43).collect::<Vec<u8>>());
    }
}
