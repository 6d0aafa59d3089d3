//! All outcomes: what acts and updates bring about, in words that a log, a page and a bridge can use.

use serde::{Deserialize, Serialize};
use std::fmt;

use charter::Edition;

use crate::act::Pseudonym;
use crate::power::Waited;
use crate::register::application::Applied;
use crate::register::join::Pair;
use crate::support::Claimed;
use quantity::Moment;

/// Something that came about. Written in an update's published hash in its [`fmt::Display`] form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// A newcomer has enough attention and can now be voted for.
    CandidateEntered {
        /// The election.
        decision: String,
        /// Who or which document.
        candidate: String,
    },
    /// A newcomer lost all attention.
    NomineeDropped {
        /// The election.
        decision: String,
        /// Who or which document.
        candidate: String,
    },
    /// A candidate had no votes above 0 for too long, or a text no place.
    CandidateLeft {
        /// The election.
        decision: String,
        /// Who or which document.
        candidate: String,
    },
    /// A challenger's bucket passed a quarter: those whom the decision binds are told in time.
    ChallengerGains {
        /// The election.
        decision: String,
        /// Who or which document, or `nobody`.
        candidate: String,
    },
    /// A seat has a new holder.
    SeatTaken {
        /// The election.
        decision: String,
        /// The new holder.
        candidate: String,
        /// Who held it before.
        from: Option<String>,
    },
    /// A seat is vacant.
    SeatVacated {
        /// The election.
        decision: String,
        /// Who held it before.
        from: String,
    },
    /// An item had no support for long enough.
    ItemClosed {
        /// The ranking.
        decision: String,
        /// The item.
        item: String,
        /// How many members get a share back.
        freed: u32,
    },
    /// A commitment's deadline has come: what is carried out, once.
    CommitmentTaken {
        /// The commitment.
        decision: String,
        /// SHA-256 of the option's text, hex.
        option: String,
        /// No other option had enough conviction.
        by_default: bool,
        /// How many members get a share back.
        freed: u32,
    },
    /// A pool funded a project: it is owed what members pledged, and what the pool adds.
    ProjectFunded {
        /// The pool.
        decision: String,
        /// SHA-256 of its text, hex.
        project: String,
        /// From the pool, minor units.
        from_pool: u64,
        /// From members' pledges, which are charged; minor units.
        pledged: u64,
        /// How many members get a share back.
        freed: u32,
    },
    /// A project asks no more: it was taken back, or nobody was for it. Pledges go back.
    ProjectClosed {
        /// The pool.
        decision: String,
        /// SHA-256 of its text, hex.
        project: String,
        /// How many members get a share back.
        freed: u32,
    },
    /// A request passed: its money is owed.
    RequestPassed {
        /// The commitment.
        decision: String,
        /// SHA-256 of its text, hex.
        request: String,
        /// Minor units.
        minor: u64,
        /// Of this currency.
        unit: String,
        /// How many members get a share back.
        freed: u32,
    },
    /// A request is closed without money: it was taken back, or nobody was for it.
    RequestClosed {
        /// The commitment.
        decision: String,
        /// SHA-256 of its text, hex.
        request: String,
        /// How many members get a share back.
        freed: u32,
    },
    /// A pool could not pay the next project in full, and is saved for it.
    PoolSaves {
        /// The pool.
        decision: String,
        /// SHA-256 of the project's text, hex.
        project: String,
        /// So many cycles in a row.
        cycles: u32,
    },
    /// A pool's cycle ended.
    PoolShared {
        /// The pool.
        decision: String,
        /// How many projects were funded.
        projects: u32,
        /// From the pool, minor units.
        paid: u64,
        /// Its balance afterwards, minor units; below 0 where refunds took more than there was.
        left: i64,
    },
    /// Members have directed the cycle of a pool that is shared out now.
    PoolDirected {
        /// The pool.
        decision: String,
        /// The commitment that shares it out.
        by: String,
        /// The option that was taken: SHA-256 of its text, hex.
        option: String,
        /// Common money that came into the pool, minor units.
        added: u64,
    },
    /// The rules have a pool no more: its money is common again, and pledges went back.
    PoolEmptied {
        /// The pool.
        decision: String,
        /// Its balance before, minor units.
        common: i64,
        /// All pledges to its projects, minor units.
        pledges: i64,
    },
    /// A request was served from its ranking's supply, and left the list.
    ItemServed {
        /// The ranking.
        decision: String,
        /// The item.
        item: String,
        /// How much it had.
        amount: u64,
        /// `second`, `unit`, or the code of the currency, whose minor units are counted.
        unit: String,
        /// How many members get a share back.
        freed: u32,
    },
    /// A member joined.
    MemberAdmitted {
        /// Who.
        member: Pseudonym,
    },
    /// Rules in force define a new decision.
    DecisionOpened {
        /// Its path.
        decision: String,
    },
    /// Rules in force no longer define a decision.
    DecisionClosed {
        /// Its path.
        decision: String,
        /// How many members get a share back.
        freed: u32,
    },
    /// A member's shares on a decision that closed.
    ShareFreed {
        /// Who.
        member: Pseudonym,
        /// The decision's path.
        decision: String,
        /// Parts per million of their weight, all their ballots on it together.
        share_ppm: u32,
    },
    /// Rules that were proposed or in force do not fit what is now above them, and are out.
    DocumentNoLongerChecks {
        /// The decision's path.
        decision: String,
        /// SHA-256 of the text, hex.
        document: String,
    },
    /// Other rules are in force.
    RulesChanged {
        /// [`State::rules_hash`](crate::State::rules_hash) from now on.
        rules: String,
    },
    /// Another kernel is in force.
    AmendmentAdopted {
        /// SHA-256 of its text, hex.
        document: String,
    },
    /// A member no longer assents to a kernel, because they have assented to others since.
    AssentEnded {
        /// Who.
        member: Pseudonym,
        /// SHA-256 of the text, hex.
        document: String,
    },
    /// Members can go with a new fork.
    ForkAnnounced {
        /// Its name.
        fork: String,
    },
    /// Nobody goes with a fork any more.
    ForkWithdrawn {
        /// Its name.
        fork: String,
    },
    /// Those who went with a fork have left.
    ForkCompleted {
        /// Its name.
        fork: String,
        /// The new co-op's id.
        coop: String,
        /// How many left.
        left: u32,
        /// The money that went along, minor units.
        minor: i64,
    },
    /// A seat proposed an act of its body.
    ActProposed(Waited),
    /// Enough seats agreed, and the act is done.
    ActDone(Waited),
    /// An act on the register or a list is announced, and takes effect later.
    ActAnnounced {
        /// Which.
        what: Waited,
        /// The earliest moment at which it takes effect.
        due: Moment,
    },
    /// An announced act took effect.
    ActTookEffect(Waited),
    /// An announced act was taken back.
    ActTakenBack(Waited),
    /// A proposed or announced act is over without having been done.
    ActLapsed(Waited),
    /// A later edition of the rules is announced.
    EditionAnnounced {
        /// Which.
        edition: Edition,
    },
    /// The log goes on under a later edition of the rules.
    EditionAdopted {
        /// Which.
        edition: Edition,
    },
    /// A member says that they gave something.
    SupportClaimed(Claimed),
    /// Enough members of a class say yes to a claim of hours; it counts 7 days later if they still do.
    ClaimAffirmed(Claimed),
    /// A claim is confirmed, and recorded.
    ClaimConfirmed(Claimed),
    /// Somebody who may record it said no.
    ClaimRefused {
        /// Which.
        what: Claimed,
        /// One of a closed list.
        reason: String,
    },
    /// Nobody answered a claim for 90 days.
    ClaimLapsed(Claimed),
    /// A join waits for both to say yes.
    JoinAsked(Pair),
    /// A join is announced.
    JoinAnnounced {
        /// Which.
        what: Pair,
        /// The earliest moment at which it takes effect.
        due: Moment,
    },
    /// Support has moved from one record to the other.
    JoinTookEffect {
        /// Which.
        what: Pair,
        /// How many records of support.
        records: u64,
    },
    /// A join was stopped before it took effect.
    JoinStopped(Pair),
    /// Not both said yes for 90 days.
    JoinLapsed(Pair),
    /// A join that took effect is taken back.
    PartingAnnounced {
        /// Which.
        what: Pair,
        /// The earliest moment at which support goes back.
        due: Moment,
    },
    /// The support that a join had moved went back.
    PartingTookEffect {
        /// Which.
        what: Pair,
        /// How many records of support.
        records: u64,
    },
    /// A device of a member's came.
    DeviceEnrolled {
        /// Whose.
        member: Pseudonym,
        /// The entry that enrolled it.
        device: u64,
        /// From when on it signs.
        acts_from: Moment,
    },
    /// A device was confirmed by another one.
    DeviceConfirmed {
        /// Whose it is.
        member: Pseudonym,
        /// The entry that enrolled it.
        device: u64,
        /// Who confirmed it.
        by: Pseudonym,
    },
    /// A device signs nothing any more.
    DeviceRevoked {
        /// Whose.
        member: Pseudonym,
        /// The entry that enrolled it.
        device: u64,
    },
    /// A version of something came out.
    ReleasePublished {
        /// The path of its clause.
        release: String,
        /// The version.
        version: String,
        /// How many files it has.
        files: u32,
    },
    /// A release that only patrons could fetch is open to everyone, for good.
    ReleaseOpened {
        /// The path of its clause.
        release: String,
        /// The version.
        version: String,
    },
    /// The files of a release were taken away.
    ReleaseWithdrawn {
        /// The path of its clause.
        release: String,
        /// The version.
        version: String,
    },
    /// Credit of a period waits for a deadline.
    CreditProposed {
        /// The commitment.
        decision: String,
        /// The period's first day.
        period: String,
        /// How many members would get any.
        members: u64,
        /// Micro-credits of all of them together.
        micro: u64,
    },
    /// Credit of a period is members' support from now on.
    CreditAccepted {
        /// The commitment.
        decision: String,
        /// The period's first day.
        period: String,
        /// How many members get any.
        members: u64,
        /// Micro-credits of all of them together.
        micro: u64,
    },
    /// A member has said that they leave.
    NoticeReceived {
        /// Who.
        member: Pseudonym,
        /// The last day of the membership, `YYYY-MM-DD`.
        last_day: String,
    },
    /// A membership ended with its last day.
    MembershipEnded {
        /// Whose.
        member: Pseudonym,
        /// The last day, `YYYY-MM-DD`.
        last_day: String,
    },
    /// A hearing of a member is open.
    HearingOpened {
        /// Who is heard.
        accused: Pseudonym,
        /// Nobody decides before this moment.
        until: Moment,
    },
    /// A member who is heard has answered.
    HearingAnswered {
        /// Who is heard.
        accused: Pseudonym,
    },
    /// A hearing is over without a decision.
    HearingLapsed {
        /// Who was heard.
        accused: Pseudonym,
    },
    /// A member is expelled.
    MemberExpelled {
        /// Who.
        member: Pseudonym,
    },
    /// A membership rests.
    MembershipPaused {
        /// Whose.
        member: Pseudonym,
    },
    /// A membership that rested goes on.
    MembershipResumed {
        /// Whose.
        member: Pseudonym,
    },
    /// Somebody asks to join.
    ApplicationMade(Applied),
    /// Enough members vouch for an applicant, who is let in seven days later if they still do.
    ApplicationCarried {
        /// Which.
        what: Applied,
        /// The earliest moment at which they are let in.
        due: Moment,
    },
    /// An applicant is let in.
    ApplicationAccepted(Applied),
    /// Somebody who may admit members said no.
    ApplicationRefused {
        /// Which.
        what: Applied,
        /// One of a closed list.
        reason: String,
    },
    /// An applicant took their application back.
    ApplicationWithdrawn(Applied),
    /// Nobody let an applicant in in time, or members voted no.
    ApplicationLapsed(Applied),
    /// An act was carried out and has no further outcome.
    Recorded,
}

impl fmt::Display for Outcome {
    // flat: a line for each outcome.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::CandidateEntered { decision, candidate } => write!(f, "candidate-entered {decision} {candidate}"),
            Outcome::NomineeDropped { decision, candidate } => write!(f, "nominee-dropped {decision} {candidate}"),
            Outcome::CandidateLeft { decision, candidate } => write!(f, "candidate-left {decision} {candidate}"),
            Outcome::ChallengerGains { decision, candidate } => write!(f, "challenger-gains {decision} {candidate}"),
            Outcome::SeatTaken { decision, candidate, from } => {
                write!(f, "seat-taken {decision} {candidate} from {}", from.as_deref().unwrap_or("nobody"))
            }
            Outcome::SeatVacated { decision, from } => {
                write!(f, "seat-vacated {decision} from {from}")
            }
            Outcome::ItemClosed { decision, item, freed } => write!(f, "item-closed {decision} {item} freed {freed}"),
            Outcome::CommitmentTaken { decision, option, by_default, freed } => {
                let how = if *by_default { "default" } else { "conviction" };
                write!(f, "commitment-taken {decision} {option} by {how} freed {freed}")
            }
            Outcome::ProjectFunded { decision, project, from_pool, pledged, freed } => {
                write!(f, "project-funded {decision} {project} from-pool {from_pool} pledged {pledged} freed {freed}")
            }
            Outcome::ProjectClosed { decision, project, freed } => {
                write!(f, "project-closed {decision} {project} freed {freed}")
            }
            Outcome::RequestPassed { decision, request, minor, unit, freed } => {
                write!(f, "request-passed {decision} {request} {minor} {unit} freed {freed}")
            }
            Outcome::RequestClosed { decision, request, freed } => {
                write!(f, "request-closed {decision} {request} freed {freed}")
            }
            Outcome::PoolSaves { decision, project, cycles } => {
                write!(f, "pool-saves {decision} {project} cycles {cycles}")
            }
            Outcome::PoolShared { decision, projects, paid, left } => {
                write!(f, "pool-shared {decision} projects {projects} paid {paid} left {left}")
            }
            Outcome::PoolDirected { decision, by, option, added } => {
                write!(f, "pool-directed {decision} by {by} {option} added {added}")
            }
            Outcome::PoolEmptied { decision, common, pledges } => {
                write!(f, "pool-emptied {decision} common {common} pledges {pledges}")
            }
            Outcome::ItemServed { decision, item, amount, unit, freed } => {
                write!(f, "item-served {decision} {item} {amount} {unit} freed {freed}")
            }
            Outcome::MemberAdmitted { member } => write!(f, "member-admitted {member}"),
            Outcome::DecisionOpened { decision } => write!(f, "decision-opened {decision}"),
            Outcome::DecisionClosed { decision, freed } => {
                write!(f, "decision-closed {decision} freed {freed}")
            }
            Outcome::ShareFreed { member, decision, share_ppm } => {
                write!(f, "share-freed {decision} {member} {share_ppm}")
            }
            Outcome::DocumentNoLongerChecks { decision, document } => {
                write!(f, "document-no-longer-checks {decision} {document}")
            }
            Outcome::RulesChanged { rules } => write!(f, "rules-changed {rules}"),
            Outcome::AmendmentAdopted { document } => write!(f, "amendment-adopted {document}"),
            Outcome::AssentEnded { member, document } => write!(f, "assent-ended {member} {document}"),
            Outcome::ForkAnnounced { fork } => write!(f, "fork-announced {fork}"),
            Outcome::ForkWithdrawn { fork } => write!(f, "fork-withdrawn {fork}"),
            Outcome::ForkCompleted { fork, coop, left, minor } => {
                write!(f, "fork-completed {fork} {coop} left {left} with {minor}")
            }
            Outcome::ActProposed(what) => write!(f, "act-proposed {what}"),
            Outcome::ActDone(what) => write!(f, "act-done {what}"),
            Outcome::ActAnnounced { what, due } => write!(f, "act-announced {what} due {due}"),
            Outcome::ActTookEffect(what) => write!(f, "act-took-effect {what}"),
            Outcome::ActTakenBack(what) => write!(f, "act-taken-back {what}"),
            Outcome::ActLapsed(what) => write!(f, "act-lapsed {what}"),
            Outcome::EditionAnnounced { edition } => write!(f, "edition-announced {}", edition.number()),
            Outcome::EditionAdopted { edition } => write!(f, "edition-adopted {}", edition.number()),
            Outcome::SupportClaimed(what) => write!(f, "support-claimed {what}"),
            Outcome::ClaimAffirmed(what) => write!(f, "claim-affirmed {what}"),
            Outcome::ClaimConfirmed(what) => write!(f, "claim-confirmed {what}"),
            Outcome::ClaimRefused { what, reason } => write!(f, "claim-refused {what} {reason}"),
            Outcome::ClaimLapsed(what) => write!(f, "claim-lapsed {what}"),
            Outcome::JoinAsked(what) => write!(f, "join-asked {what}"),
            Outcome::JoinAnnounced { what, due } => write!(f, "join-announced {what} due {due}"),
            Outcome::JoinTookEffect { what, records } => write!(f, "join-took-effect {what} records {records}"),
            Outcome::JoinStopped(what) => write!(f, "join-stopped {what}"),
            Outcome::JoinLapsed(what) => write!(f, "join-lapsed {what}"),
            Outcome::PartingAnnounced { what, due } => write!(f, "parting-announced {what} due {due}"),
            Outcome::PartingTookEffect { what, records } => write!(f, "parting-took-effect {what} records {records}"),
            Outcome::CreditProposed { decision, period, members, micro } => {
                write!(f, "credit-proposed {decision} {period} members {members} micro {micro}")
            }
            Outcome::CreditAccepted { decision, period, members, micro } => {
                write!(f, "credit-accepted {decision} {period} members {members} micro {micro}")
            }
            Outcome::DeviceEnrolled { member, device, acts_from } => {
                write!(f, "device-enrolled {member} {device} {acts_from}")
            }
            Outcome::DeviceConfirmed { member, device, by } => write!(f, "device-confirmed {member} {device} by {by}"),
            Outcome::DeviceRevoked { member, device } => write!(f, "device-revoked {member} {device}"),
            Outcome::ReleasePublished { release, version, files } => {
                write!(f, "release-published {release} {version} files {files}")
            }
            Outcome::ReleaseOpened { release, version } => write!(f, "release-opened {release} {version}"),
            Outcome::ReleaseWithdrawn { release, version } => write!(f, "release-withdrawn {release} {version}"),
            Outcome::NoticeReceived { member, last_day } => write!(f, "notice-received {member} last-day {last_day}"),
            Outcome::MembershipEnded { member, last_day } => write!(f, "membership-ended {member} last-day {last_day}"),
            Outcome::HearingOpened { accused, until } => write!(f, "hearing-opened {accused} until {until}"),
            Outcome::HearingAnswered { accused } => write!(f, "hearing-answered {accused}"),
            Outcome::HearingLapsed { accused } => write!(f, "hearing-lapsed {accused}"),
            Outcome::MemberExpelled { member } => write!(f, "member-expelled {member}"),
            Outcome::MembershipPaused { member } => write!(f, "membership-paused {member}"),
            Outcome::MembershipResumed { member } => write!(f, "membership-resumed {member}"),
            Outcome::ApplicationMade(what) => write!(f, "application-made {what}"),
            Outcome::ApplicationCarried { what, due } => write!(f, "application-carried {what} due {due}"),
            Outcome::ApplicationAccepted(what) => write!(f, "application-accepted {what}"),
            Outcome::ApplicationRefused { what, reason } => write!(f, "application-refused {what} {reason}"),
            Outcome::ApplicationWithdrawn(what) => write!(f, "application-withdrawn {what}"),
            Outcome::ApplicationLapsed(what) => write!(f, "application-lapsed {what}"),
            Outcome::Recorded => f.write_str("recorded"),
        }
    }
}
