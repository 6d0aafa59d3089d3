//! One reading of the past at a time.

use super::*;
use crate::app::{App, Door};
use crate::device::sign::Signing;
use engine::Actor;
use host::{Charter, Coop, Person, Shared};
use quantity::Currency;
use std::sync::Arc;

#[test]
fn who_comes_second_is_told_that_somebody_else_tries() {
    let filled =
        charter::template("club").expect("a template").fill("a club", Currency::parse("EUR").expect("a currency"));
    let constitution = filled.constitution.clone();
    let rules = Charter::read(filled.kernel, filled.constitution).expect("rules");
    let start = Moment::parse("2025-01-02").expect("a moment");
    let mut coop = Coop::in_memory(rules, true, start).expect("a co-op");
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let member = coop.all_or_nothing(|batch| batch.member_for(&person, Actor::Operator, start)).expect("admitted");
    let app = App::new(Arc::new(Shared::demonstration(coop)), Door::WalkIn);
    let here = crate::front::Here::nowhere();
    let (bearer, session, signing) = (None, None, Signing::default());
    let visitor = Visitor { app: app.clone(), me: Some(member), bearer, session, untold: false, signing, here };
    let held = app.trying.lock().expect("free");
    let again = || tried(&visitor, "constitution", &constitution, "2025-01-01").expect("an answer");
    assert!(matches!(again(), Tried::Busy));
    drop(held);
    assert!(matches!(again(), Tried::Report(_)));
}
