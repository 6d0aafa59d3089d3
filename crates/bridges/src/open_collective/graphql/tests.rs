//! Answers of the real shape, made up: each transaction gives the facts of its row of the CSV, and odd ones harm no other.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use super::*;
use crate::{Kind, open};

/// Columns of the export, in which every transaction below is written too.
const HEAD: &str = "effectiveDate,datetime,shortId,id,legacyId,description,type,kind,isRefund,refundId,refundLegacyId,amount,paymentProcessorFee,taxAmount,netAmount,currency,oppositeAccountSlug,oppositeAccountName,orderFrequency\n";

/// One transaction as the interface gives it, and its row of the CSV.
struct Made {
    node: Value,
    row: String,
}

struct Of<'a> {
    number: u32,
    kind: &'a str,
    is_credit: bool,
    cents: [i64; 4],
    currency: &'a str,
    frequency: &'a str,
    refunds: u32,
    cleared: bool,
}

const GIFT: Of<'_> = Of {
    number: 1,
    kind: "CONTRIBUTION",
    is_credit: true,
    cents: [5_000, -225, 0, 4_775],
    currency: "USD",
    frequency: "MONTHLY",
    refunds: 0,
    cleared: false,
};

fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-00000000000a")
}

fn made(of: &Of<'_>) -> Made {
    let Of { number, kind, is_credit, cents: [amount, fee, tax, net], currency, frequency, refunds, cleared } = of;
    let side = if *is_credit { "CREDIT" } else { "DEBIT" };
    let minute = number % 60;
    let (created, cleared) =
        (format!("2026-01-02T00:{minute:02}:13"), cleared.then(|| "2026-01-01T00:00:00".to_owned()));
    let money = |cents: i64| json!({ "valueInCents": cents, "currency": currency });
    let refund = (*refunds > 0).then(|| json!({ "id": id(*refunds), "legacyId": refunds }));
    let order = (!frequency.is_empty()).then(|| json!({ "frequency": frequency }));
    let node = json!({
        "id": id(*number), "legacyId": number, "type": side, "kind": kind, "isRefund": *refunds > 0,
        "createdAt": format!("{created}.417Z"), "clearedAt": cleared.as_ref().map(|at| format!("{at}.000Z")),
        "description": "Contribution from member-001", "amountInHostCurrency": money(*amount),
        "netAmountInHostCurrency": money(*net), "paymentProcessorFee": money(*fee), "taxAmount": money(*tax),
        "oppositeAccount": { "id": "dgm9bnk8-0437xqry-ejpvzeol-jdayw5re", "slug": "member-001", "name": "member-001", "legalName": null },
        "order": order, "refundTransaction": refund,
    });
    let value =
        |cents: i64| format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
    let (back, back_serial) = match refunds {
        0 => (String::new(), String::new()),
        of => (id(*of), of.to_string()),
    };
    let row = format!(
        "{},{created},{},{},{number},Contribution from member-001,{side},{kind},{},{back},{back_serial},{},{},{},{},{currency},member-001,member-001,{frequency}\n",
        cleared.unwrap_or_default(),
        &id(*number)[..8],
        id(*number),
        if *refunds > 0 { "REFUND" } else { "" },
        value(*amount),
        value(*fee),
        value(*tax),
        value(*net),
    );
    Made { node, row }
}

fn answer(nodes: &[Value]) -> Vec<u8> {
    let account = json!({ "id": "5v08jk63-w4g9nbpz-j7qmyder-p7ozax5g", "slug": "our-coop", "name": "Our Co-op", "currency": "USD" });
    let list = json!({ "totalCount": nodes.len(), "nodes": nodes });
    json!({ "data": { "account": account, "transactions": list } }).to_string().into_bytes()
}

#[test]
fn a_transaction_gives_the_facts_of_its_row_of_the_csv() {
    let all = [
        GIFT,
        Of { number: 2, frequency: "YEARLY", cents: [12_000, -300, -500, 11_200], ..GIFT },
        Of { number: 3, frequency: "ONETIME", cleared: true, ..GIFT },
        Of { number: 4, kind: "ADDED_FUNDS", frequency: "", cents: [20_000, 0, 0, 20_000], cleared: true, ..GIFT },
        Of { number: 5, is_credit: false, refunds: 1, cents: [-5_000, 225, 0, -4_775], ..GIFT },
        Of { number: 6, kind: "EXPENSE", is_credit: false, frequency: "", cents: [-2_500, -150, 0, -2_650], ..GIFT },
        Of { number: 7, kind: "HOST_FEE", is_credit: false, frequency: "", cents: [-500, 0, 0, -500], ..GIFT },
        Of { number: 8, kind: "A_KIND_TO_COME", frequency: "", cents: [100, 0, 0, 100], ..GIFT },
        Of { number: 9, is_credit: false, cents: [-700, 0, 0, -700], ..GIFT },
    ]
    .map(|of| made(&of));
    let nodes: Vec<Value> = all.iter().map(|one| one.node.clone()).collect();
    let page = read(&answer(&nodes)).unwrap();
    assert_eq!((page.account.name.as_str(), page.account.currency.as_str()), ("Our Co-op", "USD"));
    assert_eq!((page.total, page.count), (9, 9));
    let heard: Vec<Fact> = page.transfers.iter().flat_map(|one| one.facts.clone()).collect();
    let file = std::env::temp_dir().join(format!("rochdale-collective-{}.csv", std::process::id()));
    let rows: String = all.iter().map(|one| one.row.as_str()).collect();
    std::fs::write(&file, format!("{HEAD}{rows}")).unwrap();
    let mut told = Vec::new();
    let mut source = open(Kind::OpenCollectiveCsv, &file, &mut |_, _| {}).unwrap();
    source
        .facts(&mut |fact| {
            told.push(fact);
            ControlFlow::Continue(())
        })
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    let plain = |mut facts: Vec<Fact>| {
        for fact in &mut facts {
            fact.place = crate::Place::default();
            if let What::Support { person, .. } = &mut fact.what {
                // The CSV has no ids of accounts.
                person.id = None;
            }
        }
        facts.sort_by(|a, b| (a.at, &a.source).cmp(&(b.at, &b.source)));
        facts
    };
    assert!(heard.len() > 15, "{}", heard.len());
    assert_eq!(plain(heard.clone()), plain(told));
    let known = |fact: &&Fact| matches!(&fact.what, What::Support { person, .. } if person.id.is_some());
    assert_eq!(heard.iter().filter(known).count(), 6, "donations and pledges know who gave them");
    let refund = heard.iter().find(|fact| fact.source == "open-collective:00000005").unwrap();
    let of = vec!["open-collective:00000001".to_owned(), "open-collective:serial/1".to_owned()];
    assert_eq!(refund.what, What::Reversal { of, amount: 5_000 });
}

#[test]
fn hundredths_are_counted_in_every_currency() {
    for (cents, written) in [(5_000, "50"), (-225, "-2.25"), (7, "0.07"), (0, "0"), (-5, "-0.05")] {
        assert_eq!(decimal(&json!(cents)).as_deref(), Some(written));
    }
    assert_eq!(decimal(&json!(5_000.0)).as_deref(), Some("50"));
    for bad in [json!(0.5), json!("5"), json!(null), json!(1e300)] {
        assert_eq!(decimal(&bad), None, "{bad}");
    }
    // Yen have no hundredths, and the site counts them all the same.
    let yen = made(&Of { currency: "JPY", cents: [50_000, 0, 0, 50_000], ..GIFT });
    let page = read(&answer(&[yen.node])).unwrap();
    let amount = |fact: &Fact| matches!(fact.what, What::Support { amount: 500, .. });
    assert!(amount(&page.transfers[0].facts[0]), "{:?}", page.transfers[0]);
}

#[test]
fn an_odd_transaction_harms_no_other() {
    let good = made(&GIFT).node;
    let broken = |field: &str, value: Value| {
        let mut node = made(&Of { number: 2, ..GIFT }).node;
        node[field] = value;
        node
    };
    for (field, value) in [
        ("type", json!("SIDEWAYS")),
        ("kind", json!(null)),
        ("kind", json!("A KIND")),
        ("amountInHostCurrency", json!({ "valueInCents": 5_000, "currency": "???" })),
        ("amountInHostCurrency", json!({ "valueInCents": -5_000, "currency": "USD" })),
        ("amountInHostCurrency", json!({ "valueInCents": 0.5, "currency": "USD" })),
        ("amountInHostCurrency", json!(null)),
        ("netAmountInHostCurrency", json!(null)),
        ("oppositeAccount", json!(null)),
        ("clearedAt", json!("yesterday")),
        ("id", json!("a:b")),
    ] {
        let page = read(&answer(&[broken(field, value.clone()), good.clone()])).unwrap();
        assert!(page.transfers[0].odd.is_some(), "{field} {value}: {:?}", page.transfers[0]);
        assert!(page.transfers[0].facts.is_empty());
        assert!(page.transfers[1].odd.is_none() && page.transfers[1].facts.len() == 3);
    }
    // Without an id or a date it cannot be known again.
    for (field, value) in [("id", json!(null)), ("createdAt", json!(null)), ("createdAt", json!("soon"))] {
        let page = read(&answer(&[broken(field, value), good.clone()])).unwrap();
        assert_eq!((page.count, page.transfers.len()), (2, 1), "{field}");
    }
    // Signs that cannot be seen are left out of a name, and the name is no reason to refuse the gift.
    let mut node = made(&GIFT).node;
    node["oppositeAccount"]["name"] = json!("mem\u{202e}ber");
    node["oppositeAccount"]["id"] = json!("two words");
    let page = read(&answer(&[node])).unwrap();
    let What::Support { person, .. } = &page.transfers[0].facts[0].what else { panic!() };
    assert_eq!((person.name.as_str(), person.id.as_ref()), ("member", None));
}

#[test]
fn a_changed_transaction_has_another_mark() {
    let page = |node: Value| read(&answer(&[node])).unwrap().transfers[0].mark.clone();
    let node = made(&GIFT).node;
    let mut other = node.clone();
    other["amountInHostCurrency"]["valueInCents"] = json!(4_000);
    assert_eq!(page(node.clone()), page(node.clone()));
    assert_ne!(page(node), page(other));
}

#[test]
fn a_refusal_is_told_from_an_answer_that_is_none() {
    let refusal = |code: &str, message: &str| {
        json!({ "errors": [{ "message": message, "extensions": { "code": code } }], "data": null }).to_string()
    };
    for (body, why) in [
        (refusal("NotFound", "Account Not Found"), NotRead::NoAccount),
        (refusal("Forbidden", "no"), NotRead::Token("no".to_owned())),
        (refusal("BAD_USER_INPUT", "no\u{202e}thing"), NotRead::Refused("nothing".to_owned())),
        (refusal("", "Rate limit exceeded."), NotRead::Limited(60)),
        ("{}".to_owned(), NotRead::Unread),
        ("<!doctype html>".to_owned(), NotRead::Unread),
        ("[".repeat(100_000), NotRead::Unread),
        (json!({ "data": { "account": null, "transactions": null } }).to_string(), NotRead::NoAccount),
        (json!({ "data": { "account": { "slug": "a" }, "transactions": {} } }).to_string(), NotRead::Unread),
    ] {
        assert_eq!(read(body.as_bytes()), Err(why), "{}", &body[..body.len().min(80)]);
    }
    let many: Vec<Value> = (0..=MOST_ON_PAGE).map(|_| json!({})).collect();
    assert_eq!(read(&answer(&many)), Err(NotRead::Unread), "more than was asked for");
    // Whatever is cut off or turned into another byte: no panic.
    let whole = answer(&[made(&GIFT).node]);
    for at in (0..whole.len()).step_by(11) {
        let _ = read(&whole[..at]);
        let mut turned = whole.clone();
        turned[at] ^= 0x15;
        let _ = read(&turned);
    }
}

#[test]
fn the_question_asks_for_one_page_of_one_account() {
    let asked = question("our-coop", Some(Moment(1_767_225_600_000_000)), 500, 9_000);
    let expected =
        json!({ "slug": "our-coop", "limit": MOST_ON_PAGE, "offset": 500, "dateFrom": "2026-01-01T00:00:00Z" });
    assert_eq!(asked["variables"], expected);
    assert_eq!(question("a", None, 0, 1)["variables"]["dateFrom"], Value::Null);
    let query = asked["query"].as_str().unwrap();
    assert_eq!(query.matches('{').count(), query.matches('}').count());
}
