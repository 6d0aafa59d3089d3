//! People who ask to join, the doors that classes have, and where each application stands.

use charter::{Door, Power};
use engine::register::application::{Application, REASONS};
use engine::{Act, Edition, MemberIndex, Outcome, Pseudonym};
use schemars::JsonSchema;
use serde::Serialize;
use words::application;

use crate::{Sight, Waiting, say};

/// As many applications as one page lists.
const LISTED: usize = 100;
/// The page that lists them.
const PAGE: &str = "/applications";

/// The doors of a co-op: classes that one can ask to join.
#[derive(Serialize, Debug, Clone)]
pub struct DoorsView {
    pub doors: Vec<DoorView>,
}

/// One of them.
#[derive(Serialize, Debug, Clone)]
pub struct DoorView {
    /// The class.
    pub class: String,
    /// Its name in running text.
    pub title: String,
    /// How one comes in, a sentence each.
    pub words: Vec<String>,
}

/// Those who ask to join, oldest first, and what the reader may answer.
#[derive(JsonSchema, Serialize, Debug, Clone)]
pub struct ApplicationsView {
    pub waiting: Vec<ApplicationView>,
    /// Why one is refused.
    pub reasons: Vec<ReasonView>,
    /// Whether some class has a door.
    pub is_open: bool,
    /// Today in the co-op's zone.
    pub today: String,
}

/// A reason of the closed list.
#[derive(JsonSchema, Serialize, Debug, Clone)]
pub struct ReasonView {
    pub name: String,
    pub title: String,
}

/// One application.
#[derive(JsonSchema, Serialize, Debug, Clone)]
pub struct ApplicationView {
    /// The applicant's pseudonym.
    pub applicant: String,
    pub name: String,
    /// `asks to join the workers`.
    pub words: String,
    /// Where it stands, and when it is over; a sentence each.
    pub stands: Vec<String>,
    pub organisation: bool,
    /// Whether the reader can vouch, or say yes.
    pub may_yes: bool,
    /// Whether the reader can say no.
    pub may_no: bool,
    /// Whether the reader vouches and can take that back.
    pub may_take_back: bool,
    /// Whether a yes is a vouch.
    pub is_vouch: bool,
    /// Whether the reader may admit and refuse.
    pub may_decide: bool,
    /// Whether the reader may record the gift that lets in.
    pub may_record: bool,
}

/// Returns the doors.
#[must_use]
pub fn doors(sight: &Sight<'_>) -> DoorsView {
    let kernel = &sight.state.rules.kernel;
    let open = kernel.classes.iter().filter(|class| class.door != Door::Invitation);
    let doors = open.filter(|_| sight.state.editions.current >= Edition::FIVE).map(|class| DoorView {
        class: class.name.clone(),
        title: say::plain(&class.name),
        words: charter::explain_door(class, kernel),
    });
    DoorsView { doors: doors.collect() }
}

/// Reports whether some class has a door.
#[must_use]
pub fn has_door(sight: &Sight<'_>) -> bool {
    let classes = &sight.state.rules.kernel.classes;
    sight.state.editions.current >= Edition::FIVE && classes.iter().any(|class| class.door != Door::Invitation)
}

/// Returns those who ask, for a reader.
#[must_use]
pub fn applications(sight: &Sight<'_>) -> ApplicationsView {
    let waiting = sight.state.applications.waiting().take(LISTED);
    ApplicationsView {
        waiting: waiting.map(|(who, one)| view(sight, who, one)).collect(),
        reasons: REASONS.map(|name| ReasonView { name: name.to_owned(), title: reason(name).to_owned() }).to_vec(),
        is_open: has_door(sight),
        today: crate::power::today(sight),
    }
}

fn view(sight: &Sight<'_>, who: Pseudonym, one: &Application) -> ApplicationView {
    let door = sight.state.door(&one.class);
    let me = sight.me_index();
    let (vouched, voted) = (matches!(door, Door::Vouched { .. }), door == Door::Vote);
    let says = |side: &dyn Fn(MemberIndex) -> bool| me.is_some_and(side);
    let (yes, no) = (says(&|me| one.yes.contains(&me)), says(&|me| one.no.contains(&me)));
    let can = |me: MemberIndex| match door {
        Door::Vouched { .. } => sight.state.can_vouch(me, sight.now),
        Door::Vote => sight.state.can_answer(me, one),
        _ => false,
    };
    let class = say::plain(&one.class);
    let said = match (yes, no, vouched) {
        (true, _, true) => Some(application::YOU_VOUCH),
        (true, _, false) => Some(application::YOU_SAID_YES),
        (_, true, _) => Some(application::YOU_SAID_NO),
        _ => None,
    };
    let mut stands = vec![stands(sight, who, one)];
    stands.extend(said.map(str::to_owned));
    ApplicationView {
        applicant: who.to_string(),
        name: sight.directory.name(who),
        words: match one.organisation {
            true => application::organisation_asks(&class),
            false => application::asked_to(&class),
        },
        stands,
        organisation: one.organisation,
        may_yes: !yes && says(&can),
        may_no: voted && !no && says(&can),
        may_take_back: vouched && yes,
        is_vouch: vouched,
        may_decide: may(sight, Power::Admit),
        may_record: matches!(door, Door::Gift { .. }) && may(sight, Power::Record),
    }
}

fn may(sight: &Sight<'_>, power: Power) -> bool {
    sight.me.is_some_and(|me| sight.state.holds_power(me, power).next().is_some())
}

/// Says where an application stands, and when it is over.
fn stands(sight: &Sight<'_>, who: Pseudonym, one: &Application) -> String {
    if sight.state.powers.announced().any(|(_, act)| act.deed.member() == Some(who)) {
        return application::ANNOUNCED.to_owned();
    }
    let lapses = application::lapses(sight.when(one.lapses_at()));
    let first = match sight.state.door(&one.class) {
        Door::Vouched { .. } if one.admits_from().is_some() => {
            return application::carried(one.admits_from().map_or_else(String::new, |due| sight.when(due)));
        }
        Door::Vouched { members } => application::vouched(one.yes.len(), members),
        Door::Vote => {
            return application::voted(one.yes.len(), one.no.len(), sight.when(one.counted_from()));
        }
        Door::Gift { minor } => application::gives(say::money(minor, sight.state.rules.kernel.currency).text),
        Door::Request | Door::Open | Door::Invitation => application::REQUESTED.to_owned(),
    };
    format!("{first} {lapses}")
}

/// Says where somebody's application stands, for themselves; `None` for those who have not asked.
#[must_use]
pub fn application_stands(sight: &Sight<'_>, who: Pseudonym) -> Option<String> {
    sight.state.applications.of(who).map(|one| stands(sight, who, one))
}

/// The reason of a refusal in words.
pub(crate) fn reason(name: &str) -> &'static str {
    match name {
        "not-known" => application::NOT_KNOWN,
        "incomplete" => application::INCOMPLETE,
        "not-eligible" => application::NOT_ELIGIBLE,
        "no-room" => application::NO_ROOM,
        _ => application::APPLIED_ALREADY,
    }
}

/// Applications that a member can answer, as what waits for them.
pub(crate) fn for_member(sight: &Sight<'_>) -> Vec<Waiting> {
    let asked = sight.state.applications.waiting().map(|(who, one)| view(sight, who, one));
    let own = asked.filter(|one| one.may_yes || one.may_decide || one.may_record).take(LISTED);
    own.map(|one| Waiting {
        words: application::waits(one.name),
        href: PAGE.to_owned(),
        action: application::ANSWER.to_owned(),
    })
    .collect()
}

/// An outcome in words; `None` for others.
pub(crate) fn happened(sight: &Sight<'_>, outcome: &Outcome) -> Option<String> {
    let name = |who: Pseudonym| sight.directory.name(who);
    Some(match outcome {
        Outcome::ApplicationMade(what) => application::made(name(what.applicant), say::plain(&what.class)),
        Outcome::ApplicationCarried { what, due } => application::carried_by(name(what.applicant), sight.when(*due)),
        Outcome::ApplicationAccepted(what) => application::accepted(name(what.applicant), say::plain(&what.class)),
        Outcome::ApplicationRefused { what, reason: why } => application::refused(name(what.applicant), reason(why)),
        Outcome::ApplicationWithdrawn(what) => application::withdrawn(name(what.applicant)),
        Outcome::ApplicationLapsed(what) => application::lapsed(name(what.applicant)),
        _ => return None,
    })
}

/// An act on an application in words, as the log has it; `None` for others.
pub(crate) fn act_words(act: &Act, name: impl Fn(Pseudonym) -> String) -> Option<String> {
    Some(match act {
        Act::ApplyToJoin(act) => application::made(name(act.member), say::plain(&act.class)),
        Act::AnswerApplication(act) if act.yes => application::answered_yes(name(act.member), name(act.applicant)),
        Act::AnswerApplication(act) => application::answered_no(name(act.member), name(act.applicant)),
        Act::RefuseApplication(act) => application::refused(name(act.applicant), reason(&act.reason)),
        Act::WithdrawApplication(act) => application::withdrawn(name(act.member)),
        _ => return None,
    })
}
