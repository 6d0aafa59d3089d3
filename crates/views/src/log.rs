//! The log in words: every entry, and how anyone can recompute the rest from it.

use engine::Act;
use engine::act::{Amount as Given, BookEntry, CastBallot, Nominate, RecordSupport, ReverseSupport};
use engine::book::AccountKind;
use quantity::{Currency, Moment, Zone, format_micro};
use serde::Serialize;

use crate::names::decision_title;
use crate::{Directory, Share, rules, say};

/// The log page.
#[derive(Serialize, Debug, Clone)]
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

/// Where the log stands.
#[derive(Serialize, Debug, Clone)]
pub struct LogHead {
    /// How many entries there are.
    pub entries: u64,
    /// Hexadecimal SHA-256 of the last entry.
    pub entry_hash: String,
    /// Hexadecimal hash of the state after the last update; none before the first.
    pub state_hash: Option<String>,
    /// When that update was.
    pub state_at: Option<crate::Moment>,
}

/// One entry.
#[derive(Serialize, Debug, Clone)]
pub struct LogEntryView {
    pub sequence: u64,
    pub at: crate::Moment,
    /// The act's kind, for example `cast_ballot`, or `update`.
    pub act: String,
    /// For example `member-080 placed 20 % for member-012 on maintainer`.
    pub words: String,
    /// Hexadecimal SHA-256 of the entry's bytes.
    pub entry_hash: String,
    /// Made up for the demonstration.
    pub demonstration: bool,
}

/// An entry in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogWords {
    /// For example `member-080 placed 20 % for member-012 on Maintainer`.
    pub words: String,
    /// Made up for the demonstration.
    pub demonstration: bool,
}

/// One act of the log in words. `authority` is the entry's: by what right it was handed in.
#[must_use]
pub fn log_entry(authority: &str, act: &Act, directory: Directory<'_>, zone: &Zone) -> LogWords {
    let by = match authority.split_once(' ') {
        Some(("office", path)) => format!(", by the holder of {}", decision_title(path)),
        Some(("body", path)) => format!(", by a member of {}", decision_title(path)),
        _ if authority == "desk" => ", handed in at the desk".to_owned(),
        _ => String::new(),
    };
    let words = format!("{}{by}", words(act, directory, zone));
    LogWords { words, demonstration: authority == "demonstration" }
}

/// A moment as every page prints it, in the co-op's zone.
#[must_use]
pub fn moment(at: Moment, zone: &Zone) -> crate::Moment {
    say::moment(at, zone)
}

// flat: one match over all acts.
fn words(act: &Act, directory: Directory<'_>, zone: &Zone) -> String {
    let name = |member| directory.name(member);
    match act {
        Act::Found(act) if act.demonstration => "The co-op was founded, as a demonstration".to_owned(),
        Act::Found(act) => match &act.forked_from {
            Some(from) => format!("The co-op was founded as a fork of {}", from.coop),
            None => "The co-op was founded".to_owned(),
        },
        Act::Update(act) => {
            format!("Update of {}: everything counted, {}", say::moment(act.moment, zone).text, outcomes(act.outcomes))
        }
        Act::Change(act) => {
            format!("Change time of {}: {}", say::moment(act.moment, zone).text, outcomes(act.outcomes))
        }
        Act::AdmitMember(act) if act.organisation => {
            format!("{}, an organisation, joined", name(act.member))
        }
        Act::AdmitMember(act) => format!("{} joined", name(act.member)),
        Act::EndMembership(act) => format!("{} left", name(act.member)),
        Act::AddToList(act) => format!("{} was put on the {}", name(act.member), say::plain(&act.list)),
        Act::RemoveFromList(act) => format!("{} was taken off the {}", name(act.member), say::plain(&act.list)),
        Act::RecordSupport(act) => given(act, directory, zone),
        Act::ReverseSupport(act) => taken_back(act),
        Act::CastBallot(act) => cast(act, directory),
        Act::Nominate(act) => nominated(act, directory),
        Act::Stand(act) => format!("{} stands for {}", name(act.member), decision_title(&act.decision)),
        Act::ProposeDocument(act) => {
            format!(
                "{} proposed “{}” for {}",
                name(act.member),
                directory.candidate_text(&act.document),
                decision_title(&act.decision)
            )
        }
        Act::Assent(act) => format!(
            "{} {} “{}” as the kernel",
            name(act.member),
            if act.assent { "assents to" } else { "no longer assents to" },
            directory.candidate_text(&act.document)
        ),
        Act::WithdrawCandidacy(act) => {
            let what = act
                .document
                .as_ref()
                .map_or_else(String::new, |document| format!(" “{}”", directory.candidate_text(document)));
            format!("{} withdrew{what} from {}", name(act.member), decision_title(&act.decision))
        }
        Act::ResignSeat(act) => format!("{} resigned from {}", name(act.member), decision_title(&act.decision)),
        Act::OpenItem(act) => format!(
            "“{}” came on the list of {}",
            item(directory, &act.decision, &act.item),
            decision_title(&act.decision)
        ),
        Act::CloseItem(act) => format!(
            "“{}” left the list of {}",
            item(directory, &act.decision, &act.item),
            decision_title(&act.decision)
        ),
        Act::BookEntry(act) => booked(act),
        Act::AnnounceFork(act) => format!("{} announced the fork “{}”", name(act.member), say::plain(&act.fork)),
        Act::JoinFork(act) => format!(
            "{} {} the fork “{}”",
            name(act.member),
            if act.going { "goes with" } else { "does not go with" },
            say::plain(&act.fork)
        ),
        Act::AnnounceEdition(act) => format!("The operator announced {} of the program’s rules", act.edition),
        Act::AdoptEdition(act) => format!("The log goes on under {} of the program’s rules", act.edition),
        Act::CompleteFork(act) => {
            format!("The fork “{}” was completed: those who went left, and are {}", say::plain(&act.fork), act.coop)
        }
    }
}

fn outcomes(count: u64) -> String {
    if count == 0 { "nothing changed".to_owned() } else { say::count(count, "outcome") }
}

fn item(directory: Directory<'_>, decision: &str, item: &str) -> String {
    let card = directory.item(decision, item).filter(|card| !card.title.is_empty());
    card.map_or_else(|| item.to_owned(), |card| card.title.clone())
}

fn given(act: &RecordSupport, directory: Directory<'_>, zone: &Zone) -> String {
    let how = match act.kind.as_str() {
        "donation" => "donated",
        "pledge" => "pledged",
        "purchase" => "bought for",
        "dues" => "paid dues of",
        "hours" => "worked",
        "contribution" => "contributed",
        "compute" => "gave computing time of",
        "loan" => "lent",
        "share-capital" => "subscribed share capital of",
        _ => "gave",
    };
    let parts = if act.parts > 1 { format!(", counted as {} monthly parts", act.parts) } else { String::new() };
    format!(
        "{} {how} {} on {}{parts}",
        directory.name(act.member),
        amount(&act.amount, &act.kind),
        say::day(act.given_at, zone)
    )
}

fn amount(given: &Given, kind: &str) -> String {
    let code = given.currency.as_deref();
    match (code, given.unit.as_deref()) {
        (Some(code), _) => Currency::parse(code)
            .map_or_else(|| format!("{} {code}", given.amount), |currency| rules::money(given.amount, currency).text),
        (None, Some("second")) => {
            let hours =
                format_micro(i128::from(given.amount).saturating_mul(1_000_000).checked_div(3_600).unwrap_or(0));
            if hours == "1" { "1 hour".to_owned() } else { format!("{hours} hours") }
        }
        (None, Some("micro-credit")) if kind == "contribution" && given.amount == 1_000_000 => "a change".to_owned(),
        (None, Some("micro-credit")) => {
            format!("{} credits", format_micro(i128::from(given.amount)))
        }
        (None, unit) => format!("{} {}", given.amount, unit.unwrap_or_default()),
    }
}

fn taken_back(act: &ReverseSupport) -> String {
    let part = if act.amount.is_some() { "Part of what" } else { "What" };
    format!("{part} was recorded as {} was taken back", act.of)
}

fn cast(act: &CastBallot, directory: Directory<'_>) -> String {
    let who = directory.name(act.member);
    let (side, share) = (if act.against { "against" } else { "for" }, Share::from_ppm(act.share_ppm).text);
    if let Some(id) = &act.item {
        let title = item(directory, &act.decision, id);
        return match act.share_ppm {
            0 => format!("{who} took back their ballot on “{title}”"),
            _ => format!("{who} placed {share} {side} “{title}”"),
        };
    }
    let title = decision_title(&act.decision);
    let scored = act.scores.iter().flatten().filter(|(_, ppm)| **ppm > 0);
    let names: Vec<String> = scored
        .map(|(candidate, ppm)| match *ppm {
            1_000_000 => directory.candidate_text(candidate),
            ppm => format!("{} (score {})", directory.candidate_text(candidate), crate::ScoreField::given(ppm).typed),
        })
        .collect();
    match (act.share_ppm, names.is_empty()) {
        (0, _) => format!("{who} took back their {side}-ballot on {title}"),
        (_, true) => format!("{who} placed {share} {side} nobody on {title}"),
        (_, false) => format!("{who} placed {share} {side} {} on {title}", say::all_of(&names)),
    }
}

fn nominated(act: &Nominate, directory: Directory<'_>) -> String {
    let (who, candidate) = (directory.name(act.member), directory.candidate_text(&act.candidate));
    let (title, share) = (decision_title(&act.decision), Share::from_ppm(act.share_ppm).text);
    match (act.share_ppm, act.against) {
        (0, _) => format!("{who} took back their attention for {candidate} on {title}"),
        (_, false) => format!("{who} placed {share} for letting {candidate} stand for {title}"),
        (_, true) => format!("{who} placed {share} against letting {candidate} stand for {title}"),
    }
}

fn booked(act: &BookEntry) -> String {
    let own = act.postings.iter().filter(|posting| {
        matches!(AccountKind::of(&posting.account), Some(AccountKind::Assets | AccountKind::Liabilities))
    });
    let minor = own.fold(0_i64, |sum, posting| sum.saturating_add(posting.minor));
    let amount =
        Currency::parse(&act.currency).map_or_else(|| minor.to_string(), |currency| rules::money(minor, currency).text);
    format!("Booked: {}, {amount}", act.narration)
}
