//! Rankings: the supply that their items are served with.

use super::{Supply, TooLarge};
use crate::clause::ClauseKind;
use crate::clause::tests::{codes, codes_below, granting, granting_under, kind};
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

#[test]
fn who_brings_items_is_read_explained_and_compared() {
    use crate::edition::Edition;
    let kernel = granting_under("", Edition::THREE);
    let read = |text: &str| {
        let constitution = read_constitution(text, &kernel).unwrap();
        crate::Rules::new(kernel.clone(), constitution)
    };
    let of = |rules: &crate::Rules| match &rules.clause("r").unwrap().kind {
        ClauseKind::Ranking(ranking) => (ranking.brought_by.name(), ranking.members_bring()),
        other => panic!("{other:?}"),
    };
    for (fields, wanted) in [
        ("", ("members", Some(5))),
        ("brought-by \"members\"", ("members", Some(5))),
        ("brought-by \"members\" at-most=1", ("members", Some(1))),
        ("brought-by \"powers\"", ("powers", None)),
        ("brought-by \"forge\"", ("forge", None)),
        ("of \"forge\"", ("forge", None)),
    ] {
        assert_eq!(of(&read(&format!("ranking \"r\" {{ {fields} }}"))), wanted, "{fields}");
    }
    let wrong = |fields: &str| {
        let found = read_constitution(&format!("ranking \"r\" {{ {fields} }}"), &kernel).unwrap_err();
        found.iter().map(|one| one.code).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(wrong("brought-by \"forge\"; of \"forge\""), "C051");
    assert_eq!(wrong("brought-by \"everybody\""), "C033");
    assert_eq!(wrong("brought-by \"members\" at-most=0"), "C014");
    assert_eq!(wrong("brought-by \"members\" at-most=101"), "C014");
    assert_eq!(wrong("brought-by \"members\" at-least=1"), "C006");
    assert_eq!(wrong("brought-by \"powers\" at-most=1"), "C085");
    let before = granting_under("", Edition::TWO);
    let unknown = read_constitution("ranking \"r\" { brought-by \"members\" }", &before).unwrap_err();
    assert_eq!(unknown.iter().map(|one| one.code).collect::<Vec<_>>(), ["C006"], "edition 2 does not know it");
    let effects = |from: &str, to: &str| {
        let found =
            crate::diff(&read(&format!("ranking \"r\" {{ {from} }}")), &read(&format!("ranking \"r\" {{ {to} }}")));
        found.into_iter().map(|effect| effect.sentence).collect::<Vec<String>>()
    };
    assert_eq!(
        effects("brought-by \"powers\"", "brought-by \"members\" at-most=2"),
        ["The items of the r would come from members, at most 2 open ones of each, and from those who may close them."]
    );
    assert!(effects("", "brought-by \"members\"").is_empty());
    let one_each = read("ranking \"r\" { brought-by \"members\" at-most=1 }");
    let explained = crate::explain_constitution(&one_each.constitution, &kernel, None);
    let told = explained.iter().find(|one| one.name == "r").unwrap();
    assert!(told.sentences[0].starts_with("Members bring its items, at most 1 open item each"), "{told:?}");
}

#[test]
fn a_supply_is_carried_out_from_edition_4_on() {
    use crate::edition::Edition;
    let told = |text: &str, edition| {
        let kernel = granting_under("", edition);
        let constitution = read_constitution(text, &kernel).unwrap();
        let notes: Vec<_> = constitution.notes.iter().map(|note| note.code).collect();
        let explained = crate::explain_constitution(&constitution, &kernel, None);
        let sentences = explained.into_iter().find(|one| one.name == "r").unwrap().sentences;
        (notes, sentences)
    };
    let hours = "ranking \"r\" { supply \"8 hours per month\"; skip \"yes\" }";
    let (notes, before) = told(hours, Edition::THREE);
    assert_eq!(notes, ["C015", "C015"]);
    assert_eq!(before.last().unwrap(), "This version hands nothing out by the order yet.");
    let (notes, now) = told(hours, Edition::FOUR);
    assert!(notes.is_empty());
    assert_eq!(
        now.last().unwrap(),
        "Each item says how much it asks for, and for no more than the whole of it. The first update of a month (UTC) serves those with votes above 0, and closes them; what is left over lapses."
    );
    let (notes, places) = told("ranking \"r\" { supply \"2 places per day\" }", Edition::FOUR);
    assert_eq!(notes, [] as [&str; 0], "that kernel counts every hour");
    assert!(places.last().unwrap().starts_with("Each item asks for 1 unit, or says for how many"), "{places:?}");
}

#[test]
fn the_order_is_read_explained_and_compared_from_edition_4_on() {
    use crate::edition::Edition;
    let kernel = granting_under("", Edition::FOUR);
    let read = |fields: &str| {
        let constitution = read_constitution(&format!("ranking \"r\" {{ {fields} }}"), &kernel).unwrap();
        crate::Rules::new(kernel.clone(), constitution)
    };
    let wrong = |fields: &str, kernel| {
        let found = read_constitution(&format!("ranking \"r\" {{ {fields} }}"), kernel).unwrap_err();
        found.iter().map(|one| one.code).collect::<Vec<_>>().join(" ")
    };
    let of = |fields: &str| match &read(fields).clause("r").unwrap().kind {
        ClauseKind::Ranking(ranking) => ranking.order,
        other => panic!("{other:?}"),
    };
    let days = |days: u64| super::ItemOrder::Conviction(quantity::Span::from_seconds(days * 86_400));
    assert_eq!([of(""), of("order \"votes\"")], [super::ItemOrder::Votes; 2]);
    assert_eq!(
        [of("order \"conviction\""), of("order \"conviction\"; conviction-half-life \"9 days\"")],
        [days(30), days(9)]
    );
    assert_eq!(wrong("order \"age\"", &kernel), "C033");
    assert_eq!(wrong("conviction-half-life \"9 days\"", &kernel), "C052");
    assert_eq!(wrong("order \"votes\"; conviction-half-life \"9 days\"", &kernel), "C052");
    assert_eq!(
        wrong("order \"conviction\"", &granting_under("", Edition::THREE)),
        "C006",
        "edition 3 does not know it"
    );
    let effects = |from: &str, to: &str| {
        let found = crate::diff(&read(from), &read(to));
        found.into_iter().map(|effect| effect.sentence).collect::<Vec<String>>()
    };
    let told = effects("order \"conviction\"", "order \"conviction\"; conviction-half-life \"9 days\"");
    assert!(told[0].contains("no longer") && told[0].contains("half of the way in 30 days"), "{told:?}");
    assert!(told[1].contains("half of the way in 9 days"), "{told:?}");
    assert_eq!([told.len(), effects("", "order \"conviction\"").len()], [2, 2]);
    assert!(effects("", "order \"votes\"").is_empty());
    let explained = crate::explain_constitution(&read("order \"conviction\"").constitution, &kernel, None);
    let said = explained.iter().find(|one| one.name == "r").unwrap().sentences.join(" ");
    assert!(said.contains("ordered by conviction") && said.contains("30 days"), "{said}");
}
