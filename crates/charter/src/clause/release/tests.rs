//! Releases: reading, and the ends of ranges.

use quantity::{Moment, Zone};

use super::{Release, Until};
use crate::clause::ClauseKind;
use crate::clause::tests::{codes, kind};
use crate::phrase::{Every, MoneyPer};

#[test]
fn a_release_opens_by_support_by_what_was_raised_or_by_day() {
    let until = |text: &str| kind(&format!("release \"r\" {{ patrons-until \"{text}\" }}"));
    let release = |patrons_until| ClauseKind::Release(Release { patrons_until });
    let limit = MoneyPer { amount_minor: 40_000, every: Every::Month };
    assert_eq!(until("400 USD per month"), release(Until::Support(limit)));
    assert_eq!(until("5000 USD"), release(Until::Raised(500_000)));
    let day = Moment::parse_at_end_of_day("2027-03-31", &Zone::utc()).unwrap();
    assert_eq!(until("2027-03-31"), release(Until::Day(day)));
    for (text, wanted) in [
        ("400 EUR per month", "C019"),
        ("400 XYZ", "C018"),
        ("-400 USD", "C040"),
        ("0 USD", "C040"),
        ("0.001 USD", "C040"),
        ("400 USD per fortnight", "C026"),
        ("400", "C040"),
        ("2027-3-31", "C056"),
        ("99999999999999999999 USD", "C040"),
    ] {
        let text = format!("release \"r\" {{ patrons-until \"{text}\" }}");
        assert_eq!(codes(&text), wanted, "{text}");
    }
    assert_eq!(codes("release \"r\""), "C007");
    assert_eq!(codes("release \"r\" { patrons-until \"5 USD\"; votes \"linear\" }"), "C006");
}
