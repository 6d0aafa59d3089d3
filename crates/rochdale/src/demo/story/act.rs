//! A sentence of a story, such as `places 25% on board: member-002`, as an act.

use engine::{Act, Edition, State};
use quantity::{Currency, Moment, parse_decimal};
use serde_json::{Map, Value, json};

use super::{Stage, credit, pool, release};

/// The act that a sentence asks for.
#[derive(Debug)]
pub(super) enum Deed {
    /// Somebody joins; under another's name, that member admits them.
    Admit { name: String, organisation: bool },
    /// An act of the member themselves.
    Own(Value),
    /// Support, and the booking of its money where the edition has that in an act of its own.
    Given { given: Value, booked: Option<Value> },
    /// A record of an importer or the desk.
    Fact(Value),
    /// An act with its texts, and the story's name for the hash of one that is new.
    Whole { act: Box<Act>, text: Option<(String, String)> },
    /// An act by a power that others must agree to: it is proposed.
    Proposed(Box<Deed>),
    /// Agreement to an act that was proposed, or no longer.
    Agreed { to: Box<Deed>, agree: bool },
    /// An announced act is taken back.
    TakenBack(Box<Deed>),
}

/// The place and time of a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub stage: &'a Stage<'a>,
    pub state: &'a State,
    pub at: Moment,
    pub line: usize,
}

/// As many members as one row may name.
const MOST_IN_A_ROW: usize = 1_000;

/// Reads the members of a cell: `member-001`, `member-001, member-004` or `member-001 to member-004`.
pub(super) fn members_named(cell: &str) -> Result<Vec<String>, String> {
    let mut named = Vec::new();
    for part in cell.split(',').map(str::trim) {
        let Some((first, last)) = part.split_once(" to ") else {
            named.push(part.to_owned());
            continue;
        };
        let numbered = |name: &str| -> Option<(String, u32)> {
            let (stem, number) = name.rsplit_once('-')?;
            Some((stem.to_owned(), number.parse().ok()?))
        };
        match (numbered(first), numbered(last)) {
            (Some((stem, from)), Some((other, to))) if stem == other && from <= to => {
                // One more than the limit shows that there are too many.
                let numbers = (from..=to).take(MOST_IN_A_ROW + 1);
                named.extend(numbers.map(|number| format!("{stem}-{number:03}")));
            }
            _ => return Err(format!("`{part}` is no row of numbered members")),
        }
        if named.len() > MOST_IN_A_ROW {
            break;
        }
    }
    if named.len() > MOST_IN_A_ROW {
        return Err(format!("a row names {MOST_IN_A_ROW} members at most"));
    }
    Ok(named)
}

/// Reads what `who` does.
pub(super) fn read(does: &str, who: &str, scene: Scene<'_>) -> Result<Deed, String> {
    let cannot = || format!("`{does}` is no act that stories have");
    if let Some(deed) = together(does, who, scene) {
        return deed;
    }
    if let Some(deed) = pool::read(does, who, scene).or_else(|| credit::read(does, who, scene)) {
        return deed;
    }
    if let Some(deed) = membership(does, who) {
        return Ok(deed);
    }
    if let Some(pledged) = own_pledge(does, who, scene) {
        return pledged.map(Deed::Own);
    }
    if let Some(given) = gift(does, who, scene) {
        return given;
    }
    if let Some(act) = release::version(does) {
        return Ok(Deed::Own(act));
    }
    if let Some(back) = release::refund(does, who, scene) {
        return back.map(Deed::Fact);
    }
    let currency = &scene.stage.story.currency;
    if let Some(deed) = item(does, currency).or_else(|| own_item(does, who, currency)) {
        return deed;
    }
    let own =
        candidacy(does, who, scene.stage).or_else(|| ballot(does, who, scene)).or_else(|| spending(does, who, scene));
    own.ok_or_else(cannot)?.map(Deed::Own)
}

/// The verbs of acts that powers give. Agreement itself is none of them, so sentences do not nest.
const POWERS: [&str; 6] = ["admit", "put", "take", "open", "close", "spend"];

/// Sentences about acts of bodies and lists, which name the act itself: `proposes to admit member-009`.
fn together(does: &str, who: &str, scene: Scene<'_>) -> Option<Result<Deed, String>> {
    if let Some(told) = does.strip_prefix("takes back that ") {
        return Some(announced(told).map(|deed| Deed::TakenBack(Box::new(deed))));
    }
    // The act's own sentence has its verb in the third person: `to admit NAME` is `admits NAME`.
    let of_verb = |rest: &str| {
        let (verb, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        if !POWERS.contains(&verb) {
            return Err(format!("`{verb}` is nothing that powers do: one of {}", POWERS.join(", ")));
        }
        read(&format!("{verb}s {rest}"), who, scene).map(Box::new)
    };
    if let Some(rest) = does.strip_prefix("proposes to ") {
        return Some(of_verb(rest).map(Deed::Proposed));
    }
    if let Some(rest) = does.strip_prefix("no longer agrees to ") {
        return Some(of_verb(rest).map(|to| Deed::Agreed { to, agree: false }));
    }
    let rest = does.strip_prefix("agrees to ")?;
    Some(of_verb(rest).map(|to| Deed::Agreed { to, agree: true }))
}

/// The announced act in `NAME joins`, `NAME goes on LIST` or `NAME comes off LIST`.
fn announced(told: &str) -> Result<Deed, String> {
    let (name, does) = told.split_once(' ').unwrap_or((told, ""));
    let deed = membership(does, name).filter(|deed| !matches!(deed, Deed::Own(_)));
    deed.ok_or_else(|| format!("nothing is announced in the words `{told}`"))
}

fn membership(does: &str, who: &str) -> Option<Deed> {
    let admit = |name: &str, organisation| Deed::Admit { name: name.to_owned(), organisation };
    let listed = |kind: &str, member: &str, list: &str| json!({"act": kind, "list": list, "member": member});
    Some(match does {
        "joins" => admit(who, false),
        "joins as an organisation" => admit(who, true),
        "leaves" => Deed::Own(json!({"act": "end_membership", "member": who})),
        _ => {
            if let Some(name) = does.strip_prefix("admits ") {
                return Some(admit(name, false));
            }
            if let Some(list) = does.strip_prefix("goes on ") {
                return Some(Deed::Fact(listed("add_to_list", who, list)));
            }
            if let Some(list) = does.strip_prefix("comes off ") {
                return Some(Deed::Fact(listed("remove_from_list", who, list)));
            }
            if let Some((name, list)) = does.strip_prefix("puts ").and_then(|rest| rest.split_once(" on ")) {
                return Some(Deed::Own(listed("add_to_list", name, list)));
            }
            let (name, list) = does.strip_prefix("takes ")?.split_once(" off ")?;
            Deed::Own(listed("remove_from_list", name, list))
        }
    })
}

/// Sentences about support, and the kinds they record.
const GIFTS: [(&str, &str); 9] = [
    ("donates ", "donation"),
    ("pledges ", "pledge"),
    ("buys for ", "purchase"),
    ("pays dues of ", "dues"),
    ("lends ", "loan"),
    ("buys shares for ", "share-capital"),
    ("works ", "hours"),
    ("computes ", "compute"),
    ("contributes ", "contribution"),
];

/// Money comes into the book with the support: in the same act where the edition has that, and else in one of its own.
fn gift(does: &str, who: &str, scene: Scene<'_>) -> Option<Result<Deed, String>> {
    let (kind, amount) = GIFTS.iter().find_map(|(words, kind)| Some((*kind, does.strip_prefix(words)?)))?;
    Some(amount_of(amount, &scene.stage.story.currency).map(|amount| {
        let (at, source) = (scene.at.to_string(), format!("story:{}:{who}", scene.line));
        let mut given = json!({"act": "record_support", "member": who, "kind": kind, "amount": amount,
            "given_at": at, "source": source});
        let Some([to, from]) = bridges::accounts_of(kind) else { return Deed::Given { given, booked: None } };
        if scene.state.editions.current >= Edition::TWO {
            given["book"] = json!({"to": to, "from": from});
            return Deed::Given { given, booked: None };
        }
        let minor = amount["amount"].as_i64().unwrap_or_default();
        let booked = json!({"act": "book_entry", "at": at, "source": format!("{source}:book"),
            "narration": kind, "currency": amount["currency"], "postings": [
                {"account": to, "minor": minor}, {"account": from, "minor": -minor}]});
        Deed::Given { given, booked: Some(booked) }
    }))
}

/// `pledges 10 USD a month`, the member's own word; `0 USD` ends it.
fn own_pledge(does: &str, who: &str, scene: Scene<'_>) -> Option<Result<Value, String>> {
    let amount = does.strip_prefix("pledges ")?.strip_suffix(" a month")?;
    let amount = amount_of(amount, &scene.stage.story.currency);
    Some(amount.map(|amount| json!({"act": "pledge_own", "member": who, "amount": amount})))
}

/// `40 hours`, `12 credits`, `3 units` or money.
pub(super) fn amount_of(text: &str, currency: &str) -> Result<Value, String> {
    let (number, unit) = text.split_once(' ').ok_or_else(|| format!("`{text}` has no unit"))?;
    let number = &number.replace(',', "");
    Ok(match unit {
        "hours" | "hour" => json!({"amount": parse_decimal(number, 2)? * 36, "unit": "second"}),
        "units" | "unit" => json!({"amount": parse_decimal(number, 0)?, "unit": "unit"}),
        "credits" | "credit" => {
            json!({"amount": parse_decimal(number, 6)?, "unit": "micro-credit"})
        }
        code => json!({"amount": money(number, code, currency)?, "currency": code}),
    })
}

fn money(number: &str, code: &str, currency: &str) -> Result<i64, String> {
    let known = Currency::parse(code).filter(|_| code == currency);
    let known = known.ok_or_else(|| format!("`{code}` is not the co-op's currency"))?;
    parse_decimal(&number.replace(',', ""), known.digits())
}

/// Both take a power, or the desk.
fn item(does: &str, currency: &str) -> Option<Result<Deed, String>> {
    let (kind, rest) = match does.strip_prefix("opens ") {
        Some(rest) => ("open_item", rest),
        None => ("close_item", does.strip_prefix("closes ")?),
    };
    let (item, decision) = rest.split_once(" on ")?;
    Some(asking(json!({"act": kind, "item": item}), decision, currency).map(Deed::Own))
}

/// Members do these for themselves.
fn own_item(does: &str, who: &str, currency: &str) -> Option<Result<Deed, String>> {
    let (kind, (item, decision)) = match does.strip_prefix("takes back ") {
        Some(rest) => ("take_back_item", rest.split_once(" from ")?),
        None => ("bring_item", does.strip_prefix("brings ")?.split_once(" to ")?),
    };
    let mut act = json!({"act": kind, "member": who, "item": item});
    if kind == "bring_item" {
        act["title"] = json!(item);
    }
    Some(asking(act, decision, currency).map(Deed::Own))
}

/// The act on the ranking of `RANKING` or `RANKING for 5 hours`.
fn asking(mut act: Value, decision: &str, currency: &str) -> Result<Value, String> {
    let (decision, amount) = match decision.split_once(" for ") {
        Some((decision, amount)) => (decision, Some(amount)),
        None => (decision, None),
    };
    act["decision"] = json!(decision);
    if let Some(amount) = amount {
        act["amount"] = amount_of(amount, currency)?;
    }
    Ok(act)
}

fn candidacy(does: &str, who: &str, stage: &Stage<'_>) -> Option<Result<Value, String>> {
    for (words, act) in
        [("stands for ", "stand"), ("withdraws from ", "withdraw_candidacy"), ("resigns from ", "resign_seat")]
    {
        if let Some(decision) = does.strip_prefix(words) {
            return Some(Ok(json!({"act": act, "member": who, "decision": decision})));
        }
    }
    let hash = |name: &str| {
        let found = stage.logged(name, "");
        found.ok_or_else(|| format!("the story has no document `{name}`"))
    };
    for (words, assent) in [("assents to ", true), ("no longer assents to ", false)] {
        if let Some(name) = does.strip_prefix(words) {
            let act = |hash| json!({"act": "assent", "member": who, "document": hash, "assent": assent});
            return Some(hash(name).map(act));
        }
    }
    for (words, between, act) in [("puts up ", " for ", "propose_option"), ("takes back ", " of ", "withdraw_option")] {
        if let Some((name, decision)) = does.strip_prefix(words).and_then(|rest| rest.split_once(between)) {
            let act = |option| json!({"act": act, "member": who, "decision": decision, "option": option});
            return Some(hash(name).map(act));
        }
    }
    let (name, decision) = does.strip_prefix("proposes ")?.split_once(" as ")?;
    Some(
        hash(name)
            .map(|hash| json!({"act": "propose_document", "member": who, "decision": decision, "document": hash})),
    )
}

/// `places 25% on board: member-002, member-003 4`, `places 10% against wishes: bread`, `nominates member-002 for board with 5%`.
fn ballot(does: &str, who: &str, scene: Scene<'_>) -> Option<Result<Value, String>> {
    let stage = scene.stage;
    if let Some(rest) = does.strip_prefix("nominates ") {
        let (name, rest) = rest.split_once(" for ")?;
        let (decision, share) = rest.split_once(" with ")?;
        let candidate = stage.logged(name, decision).unwrap_or_else(|| name.to_owned());
        return Some(share_of(share).map(|share| {
            json!({"act": "nominate", "member": who, "decision": decision, "candidate": candidate, "share_ppm": share})
        }));
    }
    let (share, rest) = does.strip_prefix("places ")?.split_once(' ')?;
    let (against, rest) = match rest.strip_prefix("against ") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix("on ")?),
    };
    let (decision, named) = rest.split_once(": ")?;
    Some(share_of(share).and_then(|share| {
        let list = scene.state.decision(decision).filter(|decision| decision.lists_items());
        let mut act =
            json!({"act": "cast_ballot", "member": who, "decision": decision, "share_ppm": share, "against": against});
        if let Some(list) = list {
            act["item"] = pool::item(named, list, scene);
        } else {
            act["scores"] = Value::Object(scores(named, decision, scene)?);
        }
        Ok(act)
    }))
}

fn scores(named: &str, decision: &str, scene: Scene<'_>) -> Result<Map<String, Value>, String> {
    let mut scores = Map::new();
    for part in named.split(',').map(str::trim) {
        let (name, points) = part.split_once(' ').unwrap_or((part, "10"));
        let score = parse_decimal(points, 5)?;
        let candidate = default_of(scene.state, decision, name).or_else(|| scene.stage.logged(name, decision));
        let candidate = candidate.unwrap_or_else(|| name.to_owned());
        scores.insert(candidate, json!(score));
    }
    Ok(scores)
}

/// The log's name for the default option of a commitment, which stories call `default`.
fn default_of(state: &State, decision: &str, name: &str) -> Option<String> {
    let commitment = state.decision(decision)?.commitment().filter(|_| name == "default")?;
    Some(commitment.default_name())
}

/// `12.5%` as parts per million.
fn share_of(text: &str) -> Result<i64, String> {
    let number = text.strip_suffix('%').ok_or_else(|| format!("`{text}` is no percentage"))?;
    parse_decimal(number, 4)
}

/// `spends 50 USD on hosting`.
fn spending(does: &str, who: &str, scene: Scene<'_>) -> Option<Result<Value, String>> {
    let (amount, account) = does.strip_prefix("spends ")?.split_once(" on ")?;
    let (number, code) = amount.split_once(' ')?;
    let spent = money(number, code, &scene.stage.story.currency);
    Some(spent.map(|minor| {
        json!({"act": "book_entry", "at": scene.at.to_string(), "source": format!("story:{}:{who}", scene.line),
            "narration": "spending", "currency": code, "postings": [
                {"account": format!("expenses:{account}"), "minor": minor}, {"account": "assets:bank", "minor": -minor}]})
    }))
}
