//! How rules come into force, sentence by sentence of `docs/spec/adoption.md`. Rules are read from texts here.

mod below;
mod brought;
mod edition;
mod kernel;
mod laws;
mod parameters;
mod releases;
mod root;
mod services;

use std::sync::Arc;

use charter::{Edition, Rules, read_constitution, read_kernel_under};

use crate::act::{AddToList, Found, ProposeDocument};
use crate::digest::hex;
use crate::refusal::Rule;
use crate::tests::{Coop, Setup, at, m};
use crate::{Act, State};

/// A kernel with two classes; `more` is written before its end.
fn kernel(more: &str) -> String {
    format!(
        "# Kernel\n\n```charter\nkernel {{\n    name \"trial\"\n    purpose \"Try the rules\"\n    currency \"USD\"\n    \
         time-zone \"UTC\"\n    class \"patrons\" {{ weight \"donated(ever) / 1 USD\" }}\n    class \"workers\" list=\"workers\" {{ weight \"1\" }}\n    \
         constitution {{ settles-in \"7 days\"; updates \"weekly on monday at 01:00\" }}\n{more}\n}}\n```\n"
    )
}

const HELD: &str = "    amend \"2/3 of weight for 28 days\"";

/// A constitution with these clauses, one a line.
fn rules(clauses: &str) -> String {
    format!("# Rules\n\n```charter\n{clauses}\n```\n")
}

const OFFICE: &str = "office \"maintainer\" { settles-in \"14 days\" }";
const TEAM: &str = "body \"team\" seats=3 { settles-in \"14 days\" }";
const CONDUCT: &str = "document \"conduct\" { settles-in \"14 days\" }";
const ISSUES: &str = "ranking \"issues\" { close-after \"90 days\" }";

const DOCS: &str = "constitution \"docs\" { settles-in \"7 days\" }";

/// Clauses on a line each.
fn lines(clauses: &[&str]) -> String {
    rules(&clauses.join("\n"))
}

/// A co-op founded on texts, with members of these weights in dollars.
fn found(kernel: &str, constitution: &str, dollars: &[i64]) -> Coop {
    let mut coop = Setup::new(Vec::new()).found();
    let read = read_kernel_under(kernel, Edition::ONE).unwrap_or_else(|why| panic!("{why:?}"));
    let clauses = read_constitution(constitution, &read).unwrap_or_else(|why| panic!("{why:?}"));
    let act = Found::on(&hex(kernel.as_bytes()), &hex(constitution.as_bytes()), false);
    coop.state = State::found(Rules::new(read, clauses), act, at("2025-01-01")).with_texts(kernel, constitution);
    coop.with_weights(dollars)
}

fn proposal(member: u64, decision: &str, text: &str) -> Act {
    Act::ProposeDocument(ProposeDocument {
        member: m(member),
        decision: decision.to_owned(),
        document: hex(text.as_bytes()),
        text: Some(Arc::from(text)),
    })
}

fn propose(coop: &mut Coop, decision: &str, text: &str) {
    coop.act(proposal(1, decision, text));
}

/// Everyone's whole remaining weight, up to a share, for one document.
fn support(coop: &mut Coop, decision: &str, text: &str, share_ppm: u32) {
    for member in 1..=coop.state.members.len() as u64 {
        let scores = [(hex(text.as_bytes()), 1_000_000)].into();
        coop.act(Act::CastBallot(crate::act::CastBallot {
            member: m(member),
            decision: decision.to_owned(),
            item: None,
            share_ppm,
            scores: Some(scores),
            against: false,
        }));
    }
}

/// Puts a text in force at the log's time.
fn put(coop: &mut Coop, decision: &str, text: &str) -> Vec<String> {
    let now = coop.state.time;
    let outcomes = coop.state.put_in_force(decision, text, now);
    crate::tests::words(&outcomes.unwrap_or_else(|why| panic!("{why:?}")))
}

#[track_caller]
fn refused(coop: &Coop, act: &Act, rule: Rule) -> String {
    let mut after = coop.clone();
    let refusal = after.submit(act).unwrap_err();
    assert_eq!(refusal.rule, rule, "{refusal}");
    assert!(format!("{:?}", after.state) == format!("{:?}", coop.state), "a refused act changes nothing");
    let says = refusal.to_string();
    assert!(!says.contains('\n') && !says.ends_with('.'), "{says}");
    refusal.why
}

fn worker(coop: &mut Coop, member: u64) {
    coop.act(Act::AddToList(AddToList { list: "workers".to_owned(), member: m(member) }));
}

fn open(coop: &Coop) -> Vec<&str> {
    let open = coop.state.open_decisions();
    open.map(|(_, decision)| decision.name.as_str()).collect()
}

fn in_force(coop: &Coop, decision: &str) -> Option<String> {
    let holders = coop.decision(decision).holders();
    holders[0].map(ToString::to_string)
}
