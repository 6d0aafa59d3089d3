//! Sentences of stories about pools and requests for their money, and the cells of their tables.

use engine::State;
use engine::chamber::{Decision, Pool};
use serde_json::{Value, json};

use super::act::{Deed, Scene, amount_of};

/// Money that is held, gifts to pools, projects and pledges to them, and requests.
pub(super) fn read(does: &str, who: &str, scene: Scene<'_>) -> Option<Result<Deed, String>> {
    let currency = &scene.stage.story.currency;
    let amount = |text: &str| amount_of(text, currency);
    let fact = |kind: &str, text: &str| {
        amount(text).map(|amount| {
            let source = format!("story:{}:{who}", scene.line);
            let at = scene.at.to_string();
            Deed::Fact(json!({"act": kind, "member": who, "amount": amount, "at": at, "source": source,
                "account": "assets:bank"}))
        })
    };
    if let Some(text) = does.strip_prefix("has ").and_then(|rest| rest.strip_suffix(" held")) {
        return Some(fact("hold_money", text));
    }
    if let Some(text) = does.strip_prefix("is paid back ") {
        return Some(fact("pay_back_held", text));
    }
    if let Some((text, pool)) = does.strip_prefix("gives ").and_then(|rest| rest.split_once(" to ")) {
        let act = |amount| json!({"act": "give_to_pool", "member": who, "decision": pool, "amount": amount});
        return Some(amount(text).map(|amount| Deed::Own(act(amount))));
    }
    let project = |name: &str| {
        let found = scene.stage.logged(name, "");
        found.ok_or_else(|| format!("the story has no document `{name}`"))
    };
    if let Some((pool, rest)) = does.strip_prefix("asks ").and_then(|rest| rest.split_once(" for ")) {
        let (text, name) = rest.split_once(" for ")?;
        let act = |goal, project| json!({"act": "ask_pool", "member": who, "decision": pool, "project": project, "goal": goal});
        return Some(amount(text).and_then(|goal| Ok(Deed::Own(act(goal, project(name)?)))));
    }
    if let Some((text, rest)) = does.strip_prefix("pledges ").and_then(|rest| rest.split_once(" to ")) {
        let (name, pool) = rest.split_once(" of ")?;
        let act = |amount, project| json!({"act": "pledge_to_project", "member": who, "decision": pool, "project": project, "amount": amount});
        return Some(amount(text).and_then(|amount| Ok(Deed::Own(act(amount, project(name)?)))));
    }
    if let Some((text, rest)) = does.strip_prefix("requests ").and_then(|rest| rest.split_once(" of ")) {
        let (grants, name) = rest.split_once(" for ")?;
        let act = |amount, request| json!({"act": "request_money", "member": who, "decision": grants, "request": request, "amount": amount});
        return Some(amount(text).and_then(|amount| Ok(Deed::Own(act(amount, project(name)?)))));
    }
    let (name, pool) = does.strip_prefix("takes back ")?.split_once(" of ")?;
    let decision = scene.state.decision(pool)?;
    if decision.requests().is_some() {
        let act = |request| json!({"act": "withdraw_request", "member": who, "decision": pool, "request": request});
        return Some(project(name).map(|request| Deed::Own(act(request))));
    }
    decision.pool()?;
    let act = |project| json!({"act": "withdraw_project", "member": who, "decision": pool, "project": project});
    Some(project(name).map(|project| Deed::Own(act(project))))
}

/// The name of a project or a request on ballots, which stories call by its document; any other item is itself.
pub(super) fn item(named: &str, decision: &Decision, scene: Scene<'_>) -> Value {
    let has_text = decision.pool().is_some() || decision.requests().is_some();
    match scene.stage.logged(named, "").filter(|_| has_text) {
        Some(project) => json!(project),
        None => json!(named),
    }
}

/// A number of a project, minor units, with the digits of the currency.
pub(super) fn of_project(state: &State, decision: &Decision, project: &str, head: &str) -> Option<(i128, u32)> {
    let (pool, item) = (decision.pool()?, decision.item_place(project)?);
    let place = state.decision_place(&decision.name)?;
    let known = pool.project(item)?;
    let digits = u32::from(state.rules.kernel.currency.digits());
    Some(match head {
        "conviction" => (known.conviction.rounded(), 6),
        "pledged" => (i128::from(known.pledged()), digits),
        "match" => (i128::from(state.pool_now(place, state.time)?.of(item)?.matched), digits),
        "votes" => (decision.item_at(item)?.total, 6),
        _ => return None,
    })
}

/// A number of a request for money: what it asks for, its votes, its conviction, and what it needs.
pub(super) fn of_request(state: &State, decision: &Decision, request: &str, head: &str) -> Option<(i128, u32)> {
    let item = decision.item_place(request)?;
    let known = decision.requests()?.request(item)?;
    let digits = u32::from(state.rules.kernel.currency.digits());
    Some(match head {
        "asks" => (known.minor.into(), digits),
        "conviction" => (known.conviction.rounded(), 6),
        "needs" => (i128::try_from(state.request_now(decision, item)?.needs?).ok()?, 6),
        "votes" => (decision.item_at(item)?.total, 6),
        _ => return None,
    })
}

/// A sum of a pool's money, minor units.
pub(super) fn money(state: &State, decision: &str, row: &str) -> Option<i128> {
    let place = state.decision_place(decision)?;
    let pool: &Pool = state.decision(decision)?.pool()?;
    Some(match row {
        "in" => pool.sums.fed.into(),
        "given" => pool.sums.given.into(),
        "added" => pool.sums.added.into(),
        "paid" => pool.sums.paid.into(),
        "left" => pool.sums.left().into(),
        "held" => pool.pledged().into(),
        "owed" => state.owed_by_pool(place).into(),
        _ => return None,
    })
}
