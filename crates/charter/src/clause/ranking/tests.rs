//! Rankings: the supply that their items are served with.

use super::{Supply, TooLarge};
use crate::clause::ClauseKind;
use crate::clause::tests::{codes, codes_below, granting, kind};
use crate::phrase::{Amount, Every};
use crate::read_constitution;

#[test]
fn a_supply_is_money_time_or_a_count() {
    let supply = |fields: &str| match kind(&format!("ranking \"r\" {{ {fields} }}")) {
        ClauseKind::Ranking(ranking) => ranking.supply,
        other => panic!("{other:?}"),
    };
    let of = |amount, every, too_large| Some(Supply { amount, every, too_large });
    let stops = TooLarge::Stops;
    assert_eq!(supply(""), None);
    assert_eq!(supply("supply \"8 hours per month\""), of(Amount::Seconds(28_800), Every::Month, stops));
    assert_eq!(
        supply("supply \"1.5 hours per day\"; skip \"yes\""),
        of(Amount::Seconds(5_400), Every::Day, TooLarge::IsSkipped)
    );
    assert_eq!(supply("supply \"5 USD per year\"; skip \"no\""), of(Amount::Money(500), Every::Year, stops));
    assert_eq!(supply("supply \"5 places per week\""), of(Amount::Count(5), Every::Week, stops));
    for (fields, wanted) in [
        ("skip \"yes\"", "C052"),
        ("supply \"8 hours\"", "C040"),
        ("supply \"0 hours per month\"", "C040"),
        ("supply \"-1 hours per month\"", "C040"),
        ("supply \"0 places per month\"", "C040"),
        ("supply \"1.5 places per month\"", "C040"),
        ("supply \"8 huors per month\"", "C020"),
        ("supply \"8 EUR per month\"", "C019"),
        ("supply \"8 hours per mont\"", "C026"),
        ("supply \"99999999999999999999 hours per day\"", "C040"),
        ("supply \"8 hours per day\"; skip \"maybe\"", "C033"),
    ] {
        assert_eq!(codes(&format!("ranking \"r\" {{ {fields} }}")), wanted, "{fields}");
    }
}

#[test]
fn money_that_a_ranking_hands_out_is_spent() {
    let ranking = |supply: &str| format!("ranking \"r\" {{ supply \"{supply}\" }}");
    let team = "constitution \"team\" { limits { spend \"100 USD per month\" } }";
    assert_eq!(codes_below(&[&ranking("500 USD per day")]), "");
    assert_eq!(codes_below(&[team, &ranking("8 hours per month")]), "");
    assert_eq!(codes_below(&[team, &ranking("100 USD per month")]), "");
    assert_eq!(codes_below(&[team, &ranking("17 USD per week")]), "C046");
    assert_eq!(codes_below(&["constitution \"team\"", &ranking("1 USD per year")]), "C045");
    let both = format!(
        "office \"o\" {{ settles-in \"1 day\"; limits {{ spend \"60 USD per month\" }} }}\n{}",
        ranking("41 USD per month")
    );
    assert_eq!(codes_below(&[team, &both]), "C046");
    let kernel = granting("limits { spend \"100 USD per month\" }");
    assert!(read_constitution(&ranking("101 USD per month"), &kernel).is_err());
}
