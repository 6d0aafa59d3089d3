//! The log in words: every entry, and how anyone can recompute the rest from it.

use charter::SupportKind;
use engine::Act;
use engine::act::{Amount as Given, BookEntry, CastBallot, Nominate, RecordSupport};
use engine::book::AccountKind;
use quantity::{Currency, Moment, Zone, format_micro};
use schemars::JsonSchema;
use serde::Serialize;
use words::log;
use words::names::NOBODY;
use words::numbers::{self, FILES, HOURS, OUTCOMES, UNITS};
use words::{device, pool, requests};

use crate::names::decision_title;
use crate::{Directory, Share, Side, say};

/// The log page.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Log")]
pub struct LogView {
    pub head: LogHead,
    /// One command that a stranger can run.
    pub verify_command: String,
    /// Newest first.
    pub entries: Vec<LogEntryView>,
    /// The cursor of the page after this one.
    pub next: Option<String>,
    /// The cursor of the page before this one; empty string for the first page.
    pub previous: Option<String>,
}

/// The end of the log.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct LogHead {
    /// How many entries are published: up to the last update.
    pub entries: u64,
    /// Hexadecimal SHA-256 of the last of them.
    pub entry_hash: String,
    /// Hexadecimal hash of the state after the last update; none before the first.
    pub state_hash: Option<String>,
    /// When that update was.
    pub state_at: Option<crate::Moment>,
    /// The last entry that the server is still to verify, after a start from a stored snapshot; none once all are verified.
    pub unverified_until: Option<u64>,
    /// The key that checks the signatures of checkpoints and receipts, as `NAME+ID+DATA`; none where nothing was signed.
    pub public_key: Option<String>,
}

/// One entry.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct LogEntryView {
    /// Its place, from 1.
    pub sequence: u64,
    pub at: crate::Moment,
    /// The act's kind, for example `cast_ballot`, or `update`.
    pub act: String,
    /// For example `member-080 placed 20 % for member-012 on maintainer`.
    pub words: String,
    /// By what right, as the entry says it. `desk`, and what begins with `desk` and a space: the operator says so.
    pub authority: String,
    /// Hexadecimal SHA-256 of the entry's bytes.
    pub entry_hash: String,
    /// Made up for the demonstration.
    pub demonstration: bool,
    /// The address of its receipt; none before a checkpoint is signed that has the entry.
    pub receipt: Option<String>,
}

/// An entry in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogWords {
    /// For example `member-080 placed 20 % for member-012 on Maintainer`.
    pub words: String,
    /// Made up for the demonstration.
    pub demonstration: bool,
}

/// A record taken back, by its source; a keyed one is no word that anybody reads.
fn taken_back(source: &str, in_part: bool) -> String {
    match (source.starts_with(KEYED), in_part) {
        (true, true) => log::PART_OF_A_RECORD_TAKEN_BACK.to_owned(),
        (true, false) => log::A_RECORD_TAKEN_BACK.to_owned(),
        (false, true) => log::part_taken_back(source),
        (false, false) => log::taken_back(source),
    }
}

/// The beginning of a source that the log keeps as a keyed hash (`docs/spec/log.md`, Keyed sources).
const KEYED: &str = "keyed:";

/// One act of the log in words. `authority` is the entry's: by what right it was handed in.
#[must_use]
pub fn log_entry(authority: &str, act: &Act, directory: Directory<'_>, zone: &Zone) -> LogWords {
    let at_the_desk = authority.split(' ').next() == Some("desk");
    let right = if at_the_desk { authority.strip_prefix("desk ").unwrap_or_default() } else { authority };
    let by = match right.split_once(' ') {
        Some(("office", path)) => log::by_holder(decision_title(path)),
        Some(("founder", path)) => log::by_founder(decision_title(path)),
        Some(("body", path)) => log::by_member_of(decision_title(path)),
        _ => String::new(),
    };
    let said = if at_the_desk { log::OPERATOR_SAYS_SO } else { "" };
    let words = format!("{}{by}{said}", words(act, directory, zone));
    LogWords { words, demonstration: authority == "demonstration" }
}

/// Returns a moment as every page prints it, in the co-op's zone.
#[must_use]
pub fn moment(at: Moment, zone: &Zone) -> crate::Moment {
    say::moment(at, zone)
}

/// Returns an act in words, as the log has it.
pub(crate) fn act_words(act: &Act, sight: &crate::Sight<'_>) -> String {
    words(act, sight.directory, sight.zone())
}

// flat: one match over all acts.
fn words(act: &Act, directory: Directory<'_>, zone: &Zone) -> String {
    let name = |member| directory.name(member);
    let text = |document: &str| directory.candidate_text(document);
    let (title, plain) = (|decision: &str| decision_title(decision), |name: &str| say::plain(name));
    let money = |given: &Given| amount(given, SupportKind::Donation.name());
    match act {
        Act::Found(act) if act.demonstration => log::FOUNDED_AS_DEMONSTRATION.to_owned(),
        Act::Found(act) => match &act.forked_from {
            Some(from) => log::founded_as_fork(&from.coop),
            None => log::FOUNDED.to_owned(),
        },
        Act::Update(act) => log::update(say::moment(act.moment, zone).text, outcomes(act.outcomes)),
        Act::Change(act) => log::change(say::moment(act.moment, zone).text, outcomes(act.outcomes)),
        Act::AdmitMember(act) if act.founder => log::founder_joined(name(act.member)),
        Act::AdmitMember(act) if act.left_on.is_some() => log::came_as_former(name(act.member)),
        Act::AdmitMember(act) if act.organisation => log::organisation_joined(name(act.member)),
        Act::AdmitMember(act) => log::joined(name(act.member)),
        Act::EndMembership(act) => log::left(name(act.member)),
        Act::OpenHearing(_) | Act::AnswerHearing(_) | Act::ExpelMember(_) => {
            crate::hearing::act_words(act, name).unwrap_or_default()
        }
        Act::PauseMembership(act) => words::leaving::asks_pause(name(act.member)),
        Act::ResumeMembership(act) => words::leaving::asks_resume(name(act.member)),
        Act::ApplyToJoin(_) | Act::AnswerApplication(_) | Act::RefuseApplication(_) | Act::WithdrawApplication(_) => {
            crate::application::act_words(act, name).unwrap_or_default()
        }
        Act::AddToList(act) => log::put_on_list(name(act.member), plain(&act.list)),
        Act::RemoveFromList(act) => log::taken_off_list(name(act.member), plain(&act.list)),
        Act::RecordSupport(act) => given(act, directory, zone),
        Act::ReverseSupport(act) => taken_back(&act.of, act.amount.is_some()),
        Act::SourceHeard(act) => {
            let kinds = act.kinds.iter().filter_map(|kind| SupportKind::parse(kind));
            let kinds = crate::sources::in_words(kinds);
            words::sources::heard_and_expected(kinds, crate::sources::days(act.every_days))
        }
        Act::ClaimSupport(act) => log::claimed(given(&act.as_record(), directory, zone)),
        Act::AnswerClaim(act) if act.yes => log::claim_confirmed(name(act.member), act.number),
        Act::AnswerClaim(act) => {
            let why = crate::claim::reason(act.reason.as_deref().unwrap_or_default());
            log::claim_refused(name(act.member), act.number, why)
        }
        Act::PledgeOwn(act) if act.amount.amount == 0 => log::no_longer_pledges(name(act.member)),
        Act::PledgeOwn(act) => log::pledges(name(act.member), amount(&act.amount, SupportKind::Pledge.name())),
        Act::TakeBackClaim(act) => log::claim_taken_back(name(act.member), act.number),
        Act::JoinMembers(act) => log::join_said(name(act.from), name(act.into)),
        Act::AnswerJoin(act) if act.yes => log::join_yes(name(act.member), name(act.from), name(act.into)),
        Act::AnswerJoin(act) => log::join_no(name(act.member), name(act.from), name(act.into)),
        Act::TakeBackJoin(act) => log::join_taken_back(name(act.from)),
        Act::CastBallot(act) => cast(act, directory),
        Act::Nominate(act) => nominated(act, directory),
        Act::Stand(act) => log::stands(name(act.member), title(&act.decision)),
        Act::ProposeDocument(act) => log::proposed(name(act.member), text(&act.document), title(&act.decision)),
        Act::ProposeOption(act) => log::option_put_up(name(act.member), text(&act.option), title(&act.decision)),
        Act::WithdrawOption(act) => log::option_withdrawn(name(act.member), text(&act.option), title(&act.decision)),
        Act::ProposeCredit(act) => log::credit_proposed(&act.period, title(&act.decision)),
        Act::StrikeCredit(act) => log::credit_struck(name(act.member), text(&act.option), title(&act.decision)),
        Act::Assent(act) if act.assent => log::assents(name(act.member), text(&act.document)),
        Act::Assent(act) => log::no_longer_assents(name(act.member), text(&act.document)),
        Act::WithdrawCandidacy(act) => match &act.document {
            Some(document) => log::withdrew_document(name(act.member), text(document), title(&act.decision)),
            None => log::withdrew(name(act.member), title(&act.decision)),
        },
        Act::ResignSeat(act) => log::resigned(name(act.member), title(&act.decision)),
        Act::OpenItem(act) => {
            let item = directory.item_title(&act.decision, &act.item);
            log::item_opened(item, title(&act.decision)) + &asks(act.amount.as_ref())
        }
        Act::CloseItem(act) => log::item_closed(directory.item_title(&act.decision, &act.item), title(&act.decision)),
        Act::BringItem(act) => {
            let item = directory.item_title(&act.decision, &act.item);
            log::item_brought(name(act.member), item, title(&act.decision)) + &asks(act.amount.as_ref())
        }
        Act::TakeBackItem(act) => {
            let item = directory.item_title(&act.decision, &act.item);
            log::item_taken_back(name(act.member), item, title(&act.decision))
        }
        Act::HoldMoney(act) => pool::log_hold(name(act.member), money(&act.amount)),
        Act::PayBackHeld(act) => pool::log_pay_back(name(act.member), money(&act.amount)),
        Act::GiveToPool(act) => pool::log_give(name(act.member), money(&act.amount), title(&act.decision)),
        Act::AskPool(act) => {
            let line = directory.first_line(&act.project);
            pool::log_ask(name(act.member), line, money(&act.goal), title(&act.decision))
        }
        Act::WithdrawProject(act) => {
            pool::log_withdraw(name(act.member), directory.first_line(&act.project), title(&act.decision))
        }
        Act::RequestMoney(act) => {
            let line = directory.first_line(&act.request);
            requests::log_ask(name(act.member), line, money(&act.amount), title(&act.decision))
        }
        Act::WithdrawRequest(act) => {
            requests::log_withdraw(name(act.member), directory.first_line(&act.request), title(&act.decision))
        }
        Act::PledgeToProject(act) if act.amount.amount == 0 => {
            pool::log_no_pledge(name(act.member), directory.first_line(&act.project), title(&act.decision))
        }
        Act::PledgeToProject(act) => {
            let line = directory.first_line(&act.project);
            pool::log_pledge(name(act.member), money(&act.amount), line, title(&act.decision))
        }
        Act::EnrolDevice(act) => device::log_enrolled(name(act.member)),
        Act::ConfirmDevice(act) => device::log_confirmed(name(act.member), act.device),
        Act::RevokeDevice(act) => device::log_revoked(name(act.member), act.device),
        Act::SignOnly(act) if act.on => device::log_sign_only(name(act.member)),
        Act::SignOnly(act) => device::log_not_sign_only(name(act.member)),
        Act::PublishRelease(act) => {
            let files = say::count(say::whole(act.files.len()), FILES);
            log::release_published(&act.version, plain(&act.release), files)
        }
        Act::WithdrawRelease(act) => log::release_withdrawn(&act.version, plain(&act.release)),
        Act::ProposeAct(act) => log::act_proposed(name(act.member), words(&act.proposed.act(), directory, zone)),
        Act::AgreeToAct(act) if act.agree => log::act_agreed(name(act.member), act.number),
        Act::AgreeToAct(act) => log::act_not_agreed(name(act.member), act.number),
        Act::TakeBackAct(act) => log::act_taken_back(act.number),
        Act::BookEntry(act) => booked(act, directory),
        Act::AnnounceFork(act) => log::fork_announced(name(act.member), plain(&act.fork)),
        Act::JoinFork(act) if act.going => log::goes_with(name(act.member), plain(&act.fork)),
        Act::JoinFork(act) => log::does_not_go_with(name(act.member), plain(&act.fork)),
        Act::AnnounceEdition(act) => log::edition_announced(act.edition),
        Act::AdoptEdition(act) => words::edition::adopted(act.edition),
        Act::CompleteFork(act) => log::fork_completed(plain(&act.fork), &act.coop),
    }
}

/// Returns the words that follow on a request for a part of a supply.
fn asks(of: Option<&Given>) -> String {
    of.map_or_else(String::new, |of| log::asks_for(amount(of, "")))
}

fn outcomes(count: u64) -> String {
    if count == 0 { log::NOTHING_CHANGED.to_owned() } else { say::count(count, OUTCOMES) }
}

pub(crate) fn given(act: &RecordSupport, directory: Directory<'_>, zone: &Zone) -> String {
    let parts = if act.parts > 1 { log::in_parts(act.parts) } else { String::new() };
    let amount = amount(&act.amount, &act.kind);
    let day = act.given(zone).map_or_else(String::new, |at| say::day(at, zone));
    let service = act.service.as_deref().map(log::to_service).unwrap_or_default();
    log::given(directory.name(act.member), log::gave(&act.kind), amount, day) + &parts + &service
}

fn amount(given: &Given, kind: &str) -> String {
    let code = given.currency.as_deref();
    match (code, given.unit.as_deref()) {
        (Some(code), _) => Currency::parse(code)
            .map_or_else(|| numbers::money(given.amount, code), |currency| say::money(given.amount, currency).text),
        (None, Some("second")) => {
            let hours =
                format_micro(i128::from(given.amount).saturating_mul(1_000_000).checked_div(3_600).unwrap_or(0));
            numbers::count(&hours, HOURS)
        }
        (None, Some("unit")) => say::count(u64::try_from(given.amount).unwrap_or(0), UNITS),
        (None, Some("micro-credit")) if kind == "contribution" && given.amount == 1_000_000 => log::A_CHANGE.to_owned(),
        (None, Some("micro-credit")) => log::credits(format_micro(i128::from(given.amount))),
        (None, unit) => numbers::money(given.amount, unit.unwrap_or_default()),
    }
}

fn cast(act: &CastBallot, directory: Directory<'_>) -> String {
    let who = directory.name(act.member);
    let side = if act.against { Side::Against } else { Side::For }.words();
    let share = Share::from_ppm(act.share_ppm).text;
    if let Some(id) = &act.item {
        let title = directory.item_title(&act.decision, id);
        return match act.share_ppm {
            0 => log::item_ballot_taken_back(who, title),
            _ => log::item_ballot(who, share, side, title),
        };
    }
    let title = decision_title(&act.decision);
    let scored = act.scores.iter().flatten().filter(|(_, ppm)| **ppm > 0);
    let names: Vec<String> = scored
        .map(|(candidate, ppm)| match *ppm {
            1_000_000 => directory.candidate_text(candidate),
            ppm => log::scored(directory.candidate_text(candidate), crate::ScoreField::given(ppm).typed),
        })
        .collect();
    match (act.share_ppm, names.is_empty()) {
        (0, _) => log::ballot_taken_back(who, side, title),
        (_, true) => log::ballot(who, share, side, NOBODY, title),
        (_, false) => log::ballot(who, share, side, numbers::all_of(&names), title),
    }
}

fn nominated(act: &Nominate, directory: Directory<'_>) -> String {
    let (who, candidate) = (directory.name(act.member), directory.candidate_text(&act.candidate));
    let (title, share) = (decision_title(&act.decision), Share::from_ppm(act.share_ppm).text);
    match (act.share_ppm, act.against) {
        (0, _) => log::nomination_taken_back(who, candidate, title),
        (_, false) => log::nominated(who, share, candidate, title),
        (_, true) => log::nominated_against(who, share, candidate, title),
    }
}

fn booked(act: &BookEntry, directory: Directory<'_>) -> String {
    let own = act.postings.iter().filter(|posting| {
        matches!(AccountKind::of(&posting.account), Some(AccountKind::Assets | AccountKind::Liabilities))
    });
    let minor = own.fold(0_i64, |sum, posting| sum.saturating_add(posting.minor));
    let amount =
        Currency::parse(&act.currency).map_or_else(|| minor.to_string(), |currency| say::money(minor, currency).text);
    log::booked(directory.narration(act), amount)
}
