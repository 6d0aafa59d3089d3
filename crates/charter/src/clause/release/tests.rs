//! Releases: reading, and the ends of ranges.

use quantity::{Moment, Zone};

use super::{Release, Until};
use crate::clause::ClauseKind;
use crate::clause::tests::{codes, granting_under, kind};
use crate::edition::Edition;
use crate::phrase::{Every, MoneyPer};

#[test]
fn a_release_opens_by_support_by_what_was_raised_or_by_day() {
    let until = |text: &str| kind(&format!("release \"r\" {{ patrons-until \"{text}\" }}"));
    let release = |patrons_until| ClauseKind::Release(Release { patrons: None, patrons_until });
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

#[test]
fn a_least_gift_is_by_the_month_or_longer_and_of_edition_4() {
    let read = |text: &str, edition| {
        let kernel = granting_under("", edition);
        let text = format!("release \"r\" {{ {text} }}");
        let found = crate::read_constitution(&text, &kernel);
        found.map(|read| {
            let notes: Vec<&str> = read.notes.iter().map(|note| note.code).collect();
            let ClauseKind::Release(release) = read.clauses[0].kind else { panic!("{text}") };
            (release.least_gift(), release.patrons_for(), notes.contains(&"C110"))
        })
    };
    let four = |text: &str| read(text, Edition::FOUR);
    let code = |text: &str| four(text).unwrap_err()[0].code;
    assert_eq!(four("patrons-until \"400 USD per week\"").unwrap(), (1, Every::Month, false));
    let with = |least: &str, until: &str| format!("patrons \"{least}\"; patrons-until \"{until}\"");
    assert_eq!(four(&with("5 USD per month", "400 USD per year")).unwrap(), (500, Every::Month, false));
    assert_eq!(four(&with("60 USD per year", "2027-03-31")).unwrap(), (6_000, Every::Year, false));
    for (least, until, alone) in [
        ("5 USD per month", "5 USD per month", true),
        ("4.99 USD per month", "5 USD per month", false),
        ("60 USD per year", "5 USD per month", false),
        ("5 USD per quarter", "5 USD", true),
    ] {
        assert_eq!(four(&with(least, until)).unwrap().2, alone, "{least}, {until}");
    }
    assert_eq!(code(&with("5 USD per week", "400 USD")), "C109");
    assert_eq!(code(&with("5 USD per day", "400 USD")), "C109");
    assert_eq!(code(&with("5 USD per fortnight", "400 USD")), "C026");
    assert_eq!(code(&with("5 EUR per month", "400 USD")), "C019");
    assert_eq!(code(&with("0 USD per month", "400 USD")), "C040");
    assert_eq!(code(&with("5 USD", "400 USD")), "C040");
    let before = read(&with("5 USD per month", "400 USD"), Edition::THREE).unwrap_err();
    assert_eq!(before[0].code, "C006", "earlier editions do not have the word");
}
