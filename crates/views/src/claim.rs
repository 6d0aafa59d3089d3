//! Hours that members say they gave, and that wait for a yes.

use charter::SupportKind;
use engine::Edition;
use engine::support::{Claim, REASONS};
use serde::Serialize;
use words::claim;

use crate::{Choice, Sight, Waiting, log, say};

/// As many as one page lists of each kind.
const LISTED: usize = 100;
/// The page that lists them.
const PAGE: &str = "/claims";

/// The reader's own claims, and those that they may answer.
#[derive(Serialize, Debug, Clone)]
pub struct ClaimsView {
    pub own: Vec<ClaimView>,
    /// Oldest first, of others.
    pub asked: Vec<ClaimView>,
    /// Why one is refused.
    pub reasons: Vec<Choice>,
    /// Whether the rules let anybody say yes; else the operator records hours.
    pub is_answered: bool,
    /// Whether members of a class affirm each other's.
    pub is_affirmed: bool,
    /// Today in the co-op's zone.
    pub today: String,
    /// The services that the rules count by themselves.
    pub services: Vec<String>,
}

/// One claim.
#[derive(Serialize, Debug, Clone)]
pub struct ClaimView {
    pub number: u64,
    /// `member-003 worked 5 hours on 1 January 2025`.
    pub words: String,
    /// Until when it waits.
    pub until: String,
    /// Whether the reader has said yes, and others must too.
    pub agrees: bool,
    /// Whether the reader has said no, and others have yet to.
    pub objects: bool,
    /// Where it stands with the members of its class, where they affirm it.
    pub stands: Option<String>,
}

/// Returns the page of claims for a member; `None` for others, and before edition 3.
#[must_use]
pub fn claims(sight: &Sight<'_>) -> Option<ClaimsView> {
    let me = sight.me_index().filter(|_| sight.state.editions.current >= Edition::THREE)?;
    let who = sight.me?;
    let waiting = || sight.state.claims.waiting();
    let own = waiting().filter(|(_, claim)| claim.member == me);
    let may = |number: u64, claim: &Claim| {
        sight.state.answers_claim(who, number).is_some() || sight.state.may_affirm(me, claim, sight.now)
    };
    let asked = waiting().filter(|(number, claim)| claim.member != me && may(*number, claim));
    let records = |path: &str| sight.state.rules.clause(path).is_some_and(|clause| clause.records(SupportKind::Hours));
    Some(ClaimsView {
        own: own.map(|(number, one)| view(sight, number, one)).collect(),
        asked: asked.take(LISTED).map(|(number, one)| view(sight, number, one)).collect(),
        reasons: REASONS.map(|name| Choice { name: name.to_owned(), title: reason(name).to_owned() }).to_vec(),
        is_answered: sight.state.open_decisions().any(|(_, decision)| records(&decision.name)),
        is_affirmed: sight.state.rules.kernel.classes.iter().any(|class| class.affirmed.is_some()),
        today: crate::power::today(sight),
        services: services(sight),
    })
}

/// Returns the services that the rules in force count by themselves, in order.
#[must_use]
pub fn services(sight: &Sight<'_>) -> Vec<String> {
    sight.state.rules.kernel.services().into_iter().map(str::to_owned).collect()
}

fn view(sight: &Sight<'_>, number: u64, one: &Claim) -> ClaimView {
    let record = sight.state.record_of(one);
    ClaimView {
        number,
        words: log::given(&record, sight.directory, sight.zone()),
        until: sight.when(one.lapses_at()),
        agrees: sight.me_index().is_some_and(|me| one.agreed.contains(&me) || one.said.yes.contains(&me)),
        objects: sight.me_index().is_some_and(|me| one.said.no.contains(&me)),
        stands: sight.state.affirmed(one).map(|affirming| match affirming.counts_at {
            Some(at) => claim::counts_on(affirming.yes, affirming.no, sight.day(at)),
            None => claim::affirmed(affirming.yes, affirming.no, affirming.needed),
        }),
    }
}

/// Returns the claims that a member is asked to answer, as one thing that waits for them.
pub(crate) fn for_member(sight: &Sight<'_>) -> Option<Waiting> {
    let asked = claims(sight)?.asked.into_iter().filter(|one| !one.agrees && !one.objects).count();
    let words = claim::asked(say::whole(asked));
    (asked > 0).then(|| Waiting { words, href: PAGE.to_owned(), action: claim::ANSWER.to_owned() })
}

/// Returns a reason in words.
pub(crate) fn reason(name: &str) -> &'static str {
    match name {
        "recorded-already" => claim::RECORDED_ALREADY,
        "other-amount" => claim::OTHER_AMOUNT,
        "other-day" => claim::OTHER_DAY,
        _ => claim::NOT_KNOWN,
    }
}
