//! Attacks on a co-op, each with the numbers with which it fails. `docs/spec/attacks.md` lists them, with what each would cost.
//! A file for each kind; every test says what was tried, by whom, and what they had in the end.

mod commitments;
mod forks;
mod joins;
mod kernels;
mod parameters;
mod pool_clauses;
mod pool_plans;
mod pools;
mod records;
mod requests;
mod seats;
mod supplies;

use std::sync::Arc;

use charter::{Rules, read_constitution, read_kernel_under};

use crate::act::{Assent, Found, Posting, ProposeDocument};
use crate::digest::hex;
use crate::edition::TWO;
use crate::tests::{Coop, Setup, at, m};
use crate::{Act, State};

const CONSTITUTION: &str = "# Rules\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\" }\n```\n";

/// A kernel of patrons whose gifts are their weight; `more` is written before its end.
fn kernel(more: &str) -> String {
    format!(
        "# Kernel\n\n```charter\nkernel {{\n    name \"trial\"\n    purpose \"Hold against people\"\n    currency \"USD\"\n    \
         time-zone \"UTC\"\n    class \"patrons\" {{ weight \"donated(ever) / 1 USD\" }}\n    \
         constitution {{ settles-in \"7 days\"; updates \"weekly on monday at 01:00\" }}\n{more}\n}}\n```\n"
    )
}

/// A co-op under edition 2, founded on 1 January 2025, with members who gave so many cents then, counted once on 6 January. The
/// bank holds what they gave.
fn house(kernel: &str, cents: &[i64]) -> Coop {
    let mut coop = Setup::new(Vec::new()).found();
    let read = read_kernel_under(kernel, TWO).unwrap_or_else(|why| panic!("{why:?}"));
    let clauses = read_constitution(CONSTITUTION, &read).unwrap_or_else(|why| panic!("{why:?}"));
    let mut act = Found::on(&hex(kernel.as_bytes()), &hex(CONSTITUTION.as_bytes()), false);
    act.edition = TWO;
    coop.state = State::found(Rules::new(read, clauses), act, at("2025-01-01")).with_texts(kernel, CONSTITUTION);
    for (number, cents) in (1..).zip(cents) {
        coop.admit(number..=number);
        if *cents > 0 {
            coop.give(number, "donation", *cents, "2025-01-01");
        }
    }
    bank(&mut coop, cents.iter().sum());
    coop.next();
    coop
}

/// So much more comes into the bank.
fn bank(coop: &mut Coop, minor: i64) {
    if minor > 0 {
        let posting = |account: &str, minor| Posting { account: account.to_owned(), minor };
        let at = coop.state.time;
        coop.act(Act::BookEntry(crate::act::BookEntry {
            at,
            source: format!("bank:{at}"),
            narration: Some("gifts".to_owned()),
            currency: "USD".to_owned(),
            postings: vec![posting("assets:bank", minor), posting("income:gifts", -minor)],
        }));
    }
}

fn proposal(member: u64, text: &str) -> Act {
    Act::ProposeDocument(ProposeDocument {
        member: m(member),
        decision: "kernel".to_owned(),
        document: hex(text.as_bytes()),
        text: Some(Arc::from(text)),
    })
}

fn assent(member: u64, text: &str) -> Act {
    Act::Assent(Assent { member: m(member), document: hex(text.as_bytes()), assent: true })
}
