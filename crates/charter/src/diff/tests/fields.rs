//! Every field of the language, changed one at a time: the difference mentions it, and so does the explanation. A field of the
//! vocabulary without a row here fails.

use std::collections::BTreeSet;

use super::*;
use crate::editor::words;
use crate::{Explained, explain_constitution, explain_kernel, read_kernel_under};

/// A field's owner, the field, rules, and the same rules with another value of that field.
type Row = [&'static str; 4];

const CLAUSES: &str = r#"
office | settles-in | office a { settles-in "1 day" } | office a { settles-in "25 hours" }
office | nominated-by | office a { settles-in "1 day" } | office a { settles-in "1 day"; nominated-by "2.0001%" }
office | changes | office a { settles-in "1 day" } | office a { settles-in "1 day"; changes "monday 07:00" }
office | electorate | office a { settles-in "1 day" } | office a { settles-in "1 day"; electorate workers }
office | votes | office a { settles-in "1 day" } | office a { settles-in "1 day"; votes approval }
office | may | office a { settles-in "1 day" } | office a { settles-in "1 day"; may publish }
office | limits | office a { settles-in "1 day" } | office a { settles-in "1 day"; limits { spend "1 USD per day" } }
office | delegation | office a { settles-in "1 day" } | office a { settles-in "1 day"; delegation allowed }
office | allowance | office a { settles-in "1 day" } | office a { settles-in "1 day"; allowance each }
may | up-to | office a { settles-in "1 day"; may spend } | office a { settles-in "1 day"; may spend up-to="1 USD per day" }
may | up-to | office a { settles-in "1 day"; may spend up-to="7 USD per week" } | office a { settles-in "1 day"; may spend up-to="7 USD per day" }
limits | spend | office a { settles-in "1 day"; limits { spend "1 USD per day" } } | office a { settles-in "1 day"; limits { spend "1.01 USD per day" } }
body | seats | body a seats=3 { settles-in "1 day" } | body a seats=4 { settles-in "1 day" }
body | settles-in | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "2 days" }
body | nominated-by | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "1 day"; nominated-by "5%" }
body | changes | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "1 day"; changes "monthly on 1 at 01:00" }
body | electorate | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "1 day"; electorate patrons }
body | votes | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "1 day"; votes one-member }
body | may | body a seats=3 { settles-in "1 day"; may merge } | body a seats=3 { settles-in "1 day"; may merge admit }
body | limits | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "1 day"; limits { spend "1 USD per day" } }
body | delegation | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "1 day"; delegation allowed }
document | settles-in | document a { settles-in "1 day" } | document a { settles-in "2 days" }
document | nominated-by | document a { settles-in "1 day" } | document a { settles-in "1 day"; nominated-by "5%" }
document | changes | document a { settles-in "1 day" } | document a { settles-in "1 day"; changes "daily at 01:00" }
document | electorate | document a { settles-in "1 day" } | document a { settles-in "1 day"; electorate patrons }
document | votes | document a { settles-in "1 day" } | document a { settles-in "1 day"; votes linear }
body | acts-by | body a seats=5 { settles-in "1 day"; may admit } | body a seats=5 { settles-in "1 day"; may admit; acts-by "4 of 5" }
body | allowance | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "1 day"; allowance each }
document | allowance | document a { settles-in "1 day" } | document a { settles-in "1 day"; allowance each }
document | delegation | document a { settles-in "1 day" } | document a { settles-in "1 day"; delegation allowed }
constitution | settles-in | constitution a | constitution a { settles-in "2 days" }
constitution | nominated-by | constitution a | constitution a { nominated-by "5%" }
constitution | changes | constitution a | constitution a { changes "daily at 01:00" }
constitution | electorate | constitution a | constitution a { electorate patrons }
constitution | votes | constitution a | constitution a { votes linear }
constitution | may | constitution a | constitution a { may publish }
constitution | limits | constitution a { limits { spend "1 USD per day" } } | constitution a { limits { spend "1 USD per week" } }
constitution | allowance | constitution a | constitution a { allowance each }
body | service | body a seats=3 { settles-in "1 day" } | body a seats=3 { settles-in "1 day"; service food }
document | service | document a { settles-in "1 day" } | document a { settles-in "1 day"; service food }
constitution | service | constitution a | constitution a { service food }
ranking | service | ranking a | ranking a { service food }
office | service | office a { settles-in "1 day" } | office a { settles-in "1 day"; service food }
commitment | service | commitment a every=year | commitment a every=year service=food
pool | service | pool a | pool a { service food }
service | weighs | office a { settles-in "1 day"; service food weighs=2 } | office a { settles-in "1 day"; service food weighs=3 }
ranking | brought-by | ranking a | ranking a { brought-by powers }
brought-by | at-most | ranking a { brought-by members at-most=4 } | ranking a { brought-by members at-most=3 }
constitution | delegation | constitution a | constitution a { delegation allowed }
ranking | of | ranking a | ranking a of=forge
ranking | electorate | ranking a | ranking a { electorate patrons }
ranking | votes | ranking a | ranking a { votes linear }
ranking | close-after | ranking a | ranking a { close-after "9 days" }
close-after | floor | ranking a { close-after "9 days" } | ranking a { close-after "9 days" floor="0.000001 votes" }
ranking | supply | ranking a | ranking a { supply "8 hours per month" }
ranking | supply | ranking a { supply "8 hours per month" } | ranking a { supply "481 minutes per month" }
ranking | skip | ranking a { supply "8 hours per month" } | ranking a { supply "8 hours per month"; skip yes }
ranking | allowance | ranking a | ranking a { allowance each }
ranking | delegation | ranking a | ranking a { delegation allowed }
commitment | every | commitment a every=year | commitment a every=month
commitment | deadline | commitment a every=year | commitment a deadline="2027-03-31"
commitment | deadline | commitment a deadline="2027-04-01" | commitment a deadline="2027-03-31"
commitment | default | commitment a every=year | commitment a every=year { default "go on" }
commitment | conviction-half-life | commitment a every=year | commitment a every=year { conviction-half-life "9 days" }
commitment | freeze | commitment a every=year | commitment a every=year { freeze "0%" }
commitment | quorum | commitment a every=year | commitment a every=year { quorum "11%" }
commitment | spending-limit | commitment a { spending-limit "20%"; least-conviction "2%"; conviction-half-life "7 days" } | commitment a { spending-limit "20.01%"; least-conviction "2%"; conviction-half-life "7 days" }
commitment | least-conviction | commitment a { spending-limit "20%"; least-conviction "2%"; conviction-half-life "7 days" } | commitment a { spending-limit "20%"; least-conviction "3%"; conviction-half-life "7 days" }
commitment | electorate | commitment a every=year | commitment a every=year electorate=patrons
commitment | votes | commitment a every=year | commitment a every=year votes=linear
commitment | allowance | commitment a every=year | commitment a every=year allowance=each
commitment | delegation | commitment a every=year | commitment a every=year delegation=allowed
pool | fed-by | pool a | pool a { fed-by "1% of dues" }
pool | fed-by | pool a { fed-by "1% of dues" } | pool a { fed-by "1% of surplus" }
pool | match | pool a | pool a { match scaled }
pool | cap | pool a { match capped; cap "20%" } | pool a { match capped; cap "21%" }
pool | every | pool a | pool a { every year }
pool | self | pool a | pool a { self allowed }
pool | order | pool a | pool a { order skip }
pool | electorate | pool a | pool a { electorate patrons }
pool | votes | pool a | pool a { votes linear }
pool | allowance | pool a | pool a { allowance each }
pool | delegation | pool a { self allowed } | pool a { self allowed; delegation allowed }
release | patrons-until | release a patrons-until="4 USD" | release a patrons-until="5 USD"
release | patrons-until | release a patrons-until="4 USD" | release a patrons-until="4 USD per month"
release | patrons-until | release a patrons-until="4 USD per year" | release a patrons-until="4 USD per month"
release | patrons-until | release a patrons-until="4 USD" | release a patrons-until="2027-03-31"
"#;
/// Fields since edition 4.
const OF_FOUR: &str = r#"
ranking | order | ranking a | ranking a { order conviction }
ranking | conviction-half-life | ranking a { order conviction } | ranking a { order conviction; conviction-half-life "9 days" }
commitment | nominated-by | commitment a every=year | commitment a every=year { nominated-by "1%" }
commitment | accepts | commitment a every=year | commitment a every=year accepts=credit
commitment | credit | commitment a every=year accepts=credit | commitment a every=year accepts=credit { credit { mint review="2" } }
commitment | of | pool p; commitment a { spending-limit "20%"; least-conviction "2%" } | pool p; commitment a { of p; spending-limit "20%"; least-conviction "2%" }
commitment | of | pool a; pool b; commitment g of=a { spending-limit "20%"; least-conviction "2%" } | pool a; pool b; commitment g of=b { spending-limit "20%"; least-conviction "2%" }
commitment | of | pool p; commitment a every=month | pool p; commitment a of=p every=month
commitment | may-add | pool p; commitment a of=p every=month | pool p; commitment a of=p every=month may-add="5 USD"
commitment | may-add | pool p; commitment a of=p every=month may-add="5 USD" | pool p; commitment a of=p every=month may-add="6 USD"
commitment | self | pool p; commitment a { of p; spending-limit "20%"; least-conviction "2%" } | pool p; commitment a { of p; spending-limit "20%"; least-conviction "2%"; self allowed }
commitment | spending-limit | pool a; commitment g of=a { spending-limit "20%"; least-conviction "2%" } | pool a; commitment g of=a { spending-limit "21%"; least-conviction "2%" }
commitment | least-conviction | pool a; commitment g of=a { spending-limit "20%"; least-conviction "2%" } | pool a; commitment g of=a { spending-limit "20%"; least-conviction "3%" }
commitment | conviction-half-life | pool a; commitment g of=a { spending-limit "20%"; least-conviction "2%" } | pool a; commitment g of=a { spending-limit "20%"; least-conviction "2%"; conviction-half-life "8 days" }
pool | pairwise | pool a { match pairwise; pairwise "5 USD" } | pool a { match pairwise; pairwise "6 USD" }
pool | groups | pool a { match connected; groups worker-list } | pool a { match connected; groups worker-list other-list }
pool | conviction-half-life | pool a | pool a { conviction-half-life "9 days" }
release | patrons | release a patrons-until="40 USD" | release a patrons-until="40 USD" patrons="5 USD per month"
release | patrons | release a patrons-until="40 USD" patrons="5 USD per month" | release a patrons-until="40 USD" patrons="6 USD per month"
release | patrons | release a patrons-until="40 USD" patrons="5 USD per month" | release a patrons-until="40 USD" patrons="5 USD per quarter"
"#;
const KERNELS: &str = r#"
kernel | name | name x | name z
kernel | purpose | purpose y | purpose z
kernel | currency | currency USD | currency EUR
kernel | time-zone |  | time-zone "Europe/Berlin"
kernel | class | class p { weight "1" } | class p { weight "1" }; class q { weight "1" }
kernel | members |  | members { cap "20%" }
kernel | votes |  | votes approval
kernel | constitution | constitution { settles-in "1 day"; updates hourly } | constitution { settles-in "2 days"; updates hourly }
kernel | amend |  | amend "2/3 of weight for 181 days"
kernel | amend |  | amend "2/3 of weight and 1/9 of each class for 180 days"
kernel | allowance |  | allowance each
kernel | editions |  | editions by=amend
kernel | founding |  | founding { powers until "admit is held" }
kernel | reserves |  | reserves "30%"
kernel | fork |  | fork treasury=none
class | weight | class p { weight "1" } | class p { weight "2" }
class | list | class p { weight "1" } | class p { weight "1"; list roll }
class | list | class p { weight "1"; list roll } | class p { weight "1"; list other }
class | scale | votes linear; class p { weight "4" } | votes linear; class p { weight "4"; scale sqrt }
class | control | class p { weight "1" } | class p { weight "1"; control "100%" }
class | falls | class p { weight "hours(last month) / 1 hour" } | class p { weight "hours(last month) / 1 hour"; falls "at once" }
class | kept-by | class p { weight "1"; list roll } | class p { weight "1"; list roll; kept-by members }
class | cap | class p { weight "1" } | class p { weight "1"; cap "20%" }
control | from | class p { weight "1"; control "100%" } | class p { weight "1"; control "100%" from=3 }
class | at-most | class o { weight "1" }; class p { weight "1" } | class o { weight "1" }; class p { weight "1"; at-most "10%" }
class | while-silent | class p { weight "donated(last month) / 1 USD" } | class p { weight "donated(last month) / 1 USD"; while-silent fade }
class | affirmed-by | class p { weight "hours(last month) / 1 hour" } | class p { weight "hours(last month) / 1 hour"; affirmed-by "2 members" }
affirmed-by | at-most | class p { weight "hours(last month) / 1 hour"; affirmed-by "2 members" } | class p { weight "hours(last month) / 1 hour"; affirmed-by "2 members" at-most="30 hours per month" }
class | service | class p { weight "purchased(last month) / 1 USD" } | class p { weight "purchased(last month) / 1 USD"; service food }
kernel | parameter | class p { weight "donated(ever) / 1 USD" } | class p { weight "donated(ever) / price" }; parameter price default="5 USD" from="1 USD" to="9 USD"
parameter | default | class p { weight "donated(ever) / price" }; parameter price default="5 USD" from="1 USD" to="9 USD" | class p { weight "donated(ever) / price" }; parameter price default="6 USD" from="1 USD" to="9 USD"
parameter | from | class p { weight "donated(ever) / price" }; parameter price default="5 USD" from="1 USD" to="9 USD" | class p { weight "donated(ever) / price" }; parameter price default="5 USD" from="2 USD" to="9 USD"
parameter | to | class p { weight "donated(ever) / price" }; parameter price default="5 USD" from="1 USD" to="9 USD" | class p { weight "donated(ever) / price" }; parameter price default="5 USD" from="1 USD" to="8 USD"
founding | weight |  | founding { weight 1; until "support of 2 members" }
founding | weight | founding { weight 1; until "support of 2 members" } | founding { weight 2; until "support of 2 members" }
founding | until |  | founding { weight 1; until "support of 2 members" }
fork | tantamount |  | fork tantamount="21%"
members | cap | members { cap "20%" } | members { cap "20.0001%" }
members | acts-per |  | members { acts-per hour=60 }
acts-per | hour | members { acts-per hour=60 } | members { acts-per hour=61 }
acts-per | day | members { acts-per day=600 } | members { acts-per day=601 }
editions | by |  | editions by=amend
founding | powers |  | founding { powers until "admit is held" }
members | floor |  | members { floor "0.000001 weights" }
members | floor | members { floor "0.5 weights" } | members { floor "0.501 weights" }
fork | carries |  | fork carries="register rules"
fork | counts |  | fork counts=purchases
fork | hour | fork hour="20 USD" | fork hour="21 USD"
fork | treasury | fork treasury=none | fork treasury="by head"
kernel constitution | settles-in | constitution { settles-in "1 day"; updates hourly } | constitution { settles-in "25 hours"; updates hourly }
kernel constitution | updates | constitution { settles-in "1 day"; updates hourly } | constitution { settles-in "1 day"; updates "daily at 01:00" }
kernel constitution | nominated-by | constitution { settles-in "1 day"; updates hourly } | constitution { settles-in "1 day"; updates hourly; nominated-by "5%" }
kernel constitution | changes | constitution { settles-in "1 day"; updates hourly } | constitution { settles-in "1 day"; updates hourly; changes "daily at 01:00" }
kernel constitution | may | constitution { settles-in "1 day"; updates hourly } | constitution { settles-in "1 day"; updates hourly; may merge }
kernel constitution | limits | constitution { settles-in "1 day"; updates hourly } | constitution { settles-in "1 day"; updates hourly; limits { spend "1 USD per day" } }
"#;
/// Fields of a kernel since edition 5.
const KERNELS_OF_FIVE: &str = r#"
class | join | class p { weight "1" } | class p { weight "1"; join request }
class | join | class p { weight "1"; join "vouched by 2" } | class p { weight "1"; join "vouched by 3" }
class | join | class p { weight "1"; join "gift of 5 USD" } | class p { weight "1"; join "gift of 6 USD" }
kernel | leaving |  | leaving { notice "30 days" }
leaving | notice | leaving { notice "30 days" } | leaving { notice "31 days" }
leaving | ends | leaving { notice "30 days" } | leaving { notice "30 days"; ends "end of month" }
leaving | pause | leaving { notice "30 days" } | leaving { notice "30 days"; pause "60 days" }
"#;
/// Fields that need no explanation: a name, a purpose, and a currency that follows every sum.
const PLAIN: [&str; 3] = ["name", "purpose", "currency"];

fn rows(table: &'static str) -> Vec<Row> {
    let lines = table.lines().filter(|line| !line.is_empty());
    let row = |line: &'static str| {
        let mut cells = line.split(" | ").map(str::trim);
        [(); 4].map(|()| cells.next().unwrap())
    };
    lines.map(row).collect()
}

fn constitution(text: &str, edition: Edition) -> Rules {
    let food = r#"class "eaters" { weight "purchased(ever) / 1 USD"; service food }"#;
    let others = r#"class "others" list="other-list" { weight "1" }"#;
    rules(&kernel_under(&format!("{CLASSES}; {food}; {others}"), edition), text)
}

/// A kernel with these lines and what it needs besides.
fn whole_kernel(lines: &str, edition: Edition) -> Kernel {
    let needed = [
        ("name ", "name x"),
        ("purpose ", "purpose y"),
        ("currency ", "currency USD"),
        ("class ", "class p { weight \"1\" }"),
        ("constitution ", "constitution { settles-in \"1 day\"; updates hourly }"),
    ];
    let stands = |word: &str| lines.split(';').any(|line| line.trim().starts_with(word));
    let missing = needed.iter().filter(|(word, _)| !stands(word));
    let missing: Vec<&str> = missing.map(|(_, line)| *line).collect();
    let text = format!("kernel {{\n{}\n{lines}\n}}", missing.join("\n"));
    read_kernel_under(&text, edition).unwrap_or_else(|found| panic!("{text}: {found:?}"))
}

fn said(explained: Vec<Explained>) -> Vec<String> {
    explained.into_iter().flat_map(|one| one.sentences).collect()
}

fn rules_of(kernel: &Kernel) -> Rules {
    rules(kernel, "")
}

fn whole(effects: &[Effect], row: Row) {
    for effect in effects {
        let sentence = &effect.sentence;
        assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{row:?}: {sentence}");
        assert!(
            sentence.starts_with(char::is_uppercase) || sentence.starts_with(char::is_numeric),
            "{row:?}: {sentence}"
        );
    }
}

#[test]
fn every_field_of_a_clause_is_mentioned_when_it_changes_and_when_the_clause_opens() {
    let of = |table, edition| rows(table).into_iter().map(move |row| (row, edition));
    for (row, edition) in of(CLAUSES, Edition::USUAL).chain(of(OF_FOUR, Edition::FOUR)) {
        let [_, _, one, other] = row;
        let nothing = constitution("", edition);
        let (from, to) = (constitution(one, edition), constitution(other, edition));
        for (from, to) in [(&from, &to), (&to, &from)] {
            let effects = diff(from, to);
            assert!(!effects.is_empty(), "{row:?}");
            whole(&effects, row);
        }
        let opens = |to: &Rules| diff(&nothing, to);
        assert_ne!(opens(&from), opens(&to), "{row:?} opens alike");
        let explain = |rules: &Rules| said(explain_constitution(&rules.constitution, &rules.kernel, None));
        assert_ne!(explain(&from), explain(&to), "{row:?} is explained alike");
    }
}

#[test]
fn every_field_of_a_kernel_is_mentioned_when_it_changes() {
    let of = |table, edition| rows(table).into_iter().map(move |row| (row, edition));
    for (row, edition) in of(KERNELS, Edition::USUAL).chain(of(KERNELS_OF_FIVE, Edition::FIVE)) {
        let [_, field, one, other] = row;
        let (from, to) = (whole_kernel(one, edition), whole_kernel(other, edition));
        for (from, to) in [(&from, &to), (&to, &from)] {
            let effects = diff(&rules_of(from), &rules_of(to));
            assert!(!effects.is_empty(), "{row:?}");
            whole(&effects, row);
        }
        if !PLAIN.contains(&field) {
            let explain = |kernel: &Kernel| said(explain_kernel(kernel, None));
            assert_ne!(explain(&from), explain(&to), "{row:?} is explained alike");
        }
    }
}

#[test]
fn no_field_is_forgotten() {
    let rows: Vec<Row> = [CLAUSES, OF_FOUR, KERNELS, KERNELS_OF_FIVE].into_iter().flat_map(rows).collect();
    let owners: BTreeSet<&str> = rows.iter().map(|[owner, ..]| *owner).collect();
    assert_eq!(owners.len(), 25, "{owners:?}");
    for owner in owners {
        let known: BTreeSet<&str> = words(owner, Edition::FIVE).into_iter().map(|(word, _)| word).collect();
        let own = rows.iter().filter(|[of, ..]| *of == owner);
        let reported: BTreeSet<&str> = own.map(|[_, field, ..]| *field).collect();
        assert_eq!(reported, known, "{owner}");
    }
}

#[test]
fn the_order_of_powers_and_feeds_has_no_effect() {
    check(
        "constitution a { may merge publish }\npool p { fed-by \"1% of dues\"; fed-by \"2% of surplus\" }",
        "constitution a { may publish; may merge }\npool p { fed-by \"2% of surplus\"; fed-by \"1% of dues\" }",
        &[],
    );
    let grant = |may: &str| format!("constitution {{ settles-in \"1 day\"; updates hourly; {may} }}");
    check_kernels(&grant("may merge publish"), &grant("may publish merge"), &[]);
}
