//! What was said, beside what two pages show of it: nothing lost, nothing doubled, nothing out of its
//! order, and one order on both.

use serde::Deserialize;

/// A line's own name: whose it is, and which of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) author: String,
    pub(super) number: u32,
}

impl Mark {
    /// The words that a line begins with.
    pub(super) fn words(&self) -> String {
        format!("{} no. {}", self.author, self.number)
    }

    /// Whose words these are, when they begin so.
    pub(super) fn read(words: &str) -> Option<Self> {
        let mut words = words.split_whitespace();
        let author = words.next()?.to_owned();
        let number = words.next().filter(|it| *it == "no.").and(words.next())?.parse().ok()?;
        Some(Self { author, number })
    }
}

/// How something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Manner {
    Plain,
    Action,
    Whisper,
    Picture,
}

/// Something that somebody has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) mark: Mark,
    pub(super) manner: Manner,
    /// What it replies to, where that is sure to stay.
    pub(super) reply_to: Option<Mark>,
}

/// A page, from its first line to its last (`shown.js`).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Page {
    /// What was said.
    pub(super) said: Vec<Shown>,
    /// What happened.
    happened: Vec<String>,
    /// What should never be seen in a room where all are honest.
    grave: Vec<String>,
}

/// A line of somebody's, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Shown {
    words: String,
    manner: Manner,
    /// What stands above a reply.
    quote: Option<String>,
    standing: Standing,
}

/// Whether a line has come to its place, and all that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Standing {
    Settled,
    Underway,
    Failed,
}

impl Shown {
    fn mark(&self) -> Option<Mark> {
        Mark::read(&self.words)
    }

    fn reply_to(&self) -> Option<Mark> {
        self.quote.as_deref().and_then(Mark::read)
    }
}

/// Who says what is looked at.
pub(super) type Said<'a> = [&'a [Saying]; 2];

/// Everything that is wrong with two pages, in words. In what each of the two has said is their order.
pub(super) fn faults(said: Said<'_>, pages: [&[Shown]; 2]) -> Vec<String> {
    let mut faults = Vec::new();
    for (page, shown) in pages.into_iter().enumerate() {
        let mut say = |what: String| faults.push(format!("page {page}: {what}"));
        for line in shown {
            if line.standing != Standing::Settled {
                say(format!("not settled: {line:?}"));
            }
            match line.mark() {
                Some(mark) if said.iter().any(|it| it.iter().any(|it| it.mark == mark)) => {}
                Some(_) | None => say(format!("nobody said it: {line:?}")),
            }
        }
        for said in said {
            check_author(said, shown, &mut say);
        }
    }
    let order = |shown: &[Shown]| shown.iter().map(Shown::mark).collect::<Vec<_>>();
    let (here, there) = (order(pages[0]), order(pages[1]));
    if let Some(at) = (0..here.len().max(there.len())).find(|at| here.get(*at) != there.get(*at)) {
        let (here, there) = (here.get(at), there.get(at));
        faults.push(format!("the pages part at line {at}: {here:?} and {there:?}"));
    }
    faults
}

/// Everything that happened on a page beside the talk, and should not have: somebody was accused, or
/// put out, or came in more than once.
pub(super) fn unrest(page: &Page) -> Vec<&str> {
    let came = page.happened.iter().filter(|what| what.contains("came in")).skip(1);
    let lost = page.happened.iter().filter(|what| what.contains("did not come back"));
    page.grave.iter().chain(came).chain(lost).map(String::as_str).collect()
}

/// What is wrong with one's lines on a page.
fn check_author(said: &[Saying], shown: &[Shown], say: &mut impl FnMut(String)) {
    let mut places = Vec::new();
    for saying in said {
        let mark = Some(&saying.mark);
        let lines = shown.iter().enumerate().filter(|(_, line)| line.mark().as_ref() == mark);
        let lines: Vec<_> = lines.collect();
        match lines[..] {
            [(place, line)] => {
                places.push((place, saying));
                let replies_rightly =
                    saying.reply_to.is_none() || saying.reply_to == line.reply_to();
                if line.manner != saying.manner || !replies_rightly {
                    say(format!("{saying:?} became {line:?}"));
                }
            }
            [] => say(format!("lost: {saying:?}")),
            [..] => say(format!("{} times: {saying:?}", lines.len())),
        }
    }
    for pair in places.windows(2) {
        if let [(before, _), (after, saying)] = pair
            && before > after
        {
            say(format!("before its time: {saying:?}"));
        }
    }
}

/// Each fault is planted, and found.
mod tests {
    use super::*;

    fn mark(author: &str, number: u32) -> Mark {
        Mark { author: author.to_owned(), number }
    }

    fn saying(author: &str, number: u32) -> Saying {
        Saying { mark: mark(author, number), manner: Manner::Plain, reply_to: None }
    }

    fn shown(author: &str, number: u32) -> Shown {
        let words = format!("{} and some more", mark(author, number).words());
        Shown { words, manner: Manner::Plain, quote: None, standing: Standing::Settled }
    }

    /// What is found on a page that was right before this was done to it.
    fn found(harm: impl Fn(&mut Vec<Shown>)) -> Vec<String> {
        let adas = [saying("Ada", 1), saying("Ada", 2)];
        let mut bens = [saying("Ben", 1), saying("Ben", 2)];
        bens[1].reply_to = Some(mark("Ada", 2));
        let mut page = vec![shown("Ada", 1), shown("Ben", 1), shown("Ada", 2), shown("Ben", 2)];
        page[3].quote = Some("Ada no. 2 and some more".to_owned());
        let mut harmed = page.clone();
        harm(&mut harmed);
        faults([&adas, &bens], [&page, &harmed])
    }

    #[test]
    fn two_pages_that_show_all_once_and_in_order_have_no_fault() {
        assert_eq!(found(|_| {}), [""; 0]);
    }

    #[test]
    fn unrest_is_found() {
        let happened = |happened: &[&str]| {
            let happened = happened.iter().map(|what| (*what).to_owned()).collect();
            Page { said: Vec::new(), happened, grave: Vec::new() }
        };
        assert_eq!(unrest(&happened(&["Ben came in.", "Ben is the host now."])), [""; 0]);
        let twice = happened(&["You came in.", "Ben came in."]);
        assert_eq!(unrest(&twice), ["Ben came in."]);
        let lost = "Ben lost the connection and did not come back.";
        assert_eq!(unrest(&happened(&["Ben came in.", lost])), [lost]);
        let accused = Page { grave: vec!["The server is not being honest.".to_owned()], ..twice };
        assert_eq!(unrest(&accused).len(), 2);
    }

    #[test]
    fn every_fault_is_found() {
        type Harm = fn(&mut Vec<Shown>);
        let harms: [(&str, Harm); 9] = [
            ("lost", |page| drop(page.remove(1))),
            ("2 times", |page| page.push(page[0].clone())),
            ("before its time", |page| page.swap(0, 2)),
            ("the pages part at line 0", |page| page.swap(0, 1)),
            ("the pages part at line 4", |page| page.push(page[0].clone())),
            ("not settled", |page| page[3].standing = Standing::Underway),
            ("nobody said it", |page| page[0].words = "Eve no. 1".to_owned()),
            ("became", |page| page[0].manner = Manner::Whisper),
            ("became", |page| page[3].quote = Some("Ada no. 1".to_owned())),
        ];
        for (expected, harm) in harms {
            let found = found(harm);
            assert!(found.iter().any(|it| it.contains(expected)), "{expected}: {found:#?}");
        }
    }
}
