//! People at their pages, whatever lies between these: what they do there, and what was typed and
//! shown. Knows neither servers nor networks.

pub mod judgement;

mod act;
mod deed;
mod ledger;
mod stretch;

pub use act::{NAMES, People};
pub use deed::{Deed, PEOPLE_MAX, Who, deed, who};
pub use ledger::{Audience, Course, Ledger, Line, Reading, Seat, Stay, Suspicion};
pub use stretch::quick_stretch;
