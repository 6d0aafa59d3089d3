//! The edition of a log, and the later one that is announced.

use charter::Diagnostic;
use engine::edition::{self, Announced, Edition, Status};
use serde::Serialize;

use crate::{Share, Sight, say};

/// The edition of the program's rules.
#[derive(Serialize, Debug, Clone)]
pub struct EditionView {
    /// Its number, from 1.
    pub number: u16,
    /// A sentence each.
    pub words: Vec<String>,
    pub announced: Option<AnnouncedEdition>,
}

/// A later edition that is announced.
#[derive(Serialize, Debug, Clone)]
pub struct AnnouncedEdition {
    /// Its number.
    pub number: u16,
    /// A sentence each.
    pub words: Vec<String>,
    /// SHA-256, hex, of the edition and the differences, which members agree to.
    pub document: String,
    /// The first differences, a line each; at most [`crate::LISTED`].
    pub differences: Vec<String>,
    /// The number of further ones.
    pub more: usize,
    /// Whether the reader agrees to it; none where members do not decide, or the reader is no member.
    pub mine: Option<bool>,
}

/// Returns the edition of the program's rules.
#[must_use]
pub fn edition(sight: &Sight<'_>) -> EditionView {
    let editions = &sight.state.editions;
    let mut sentences = vec![words::edition::under(editions.current)];
    sentences.extend(said_open(editions.current));
    let unfit = sight.kept.counted(sight).unfit.as_ref();
    sentences.extend(unfit.map_or_else(Vec::new, |(edition, mistakes)| unfit_words(*edition, mistakes)));
    let announced = editions.announced.as_ref().map(|one| announced(sight, one));
    EditionView { number: editions.current.number(), words: sentences, announced }
}

/// Says why a log cannot go on under an edition: each mistake of the rules in force, and the way out; a sentence each.
#[must_use]
pub fn unfit_words(edition: Edition, mistakes: &[Diagnostic]) -> Vec<String> {
    let mut sentences = vec![say::sentence(&words::edition::unfit(edition))];
    // One clause after the other can have the same mistake, and pages have no place for the lines.
    let mut told: Vec<String> = Vec::new();
    for one in mistakes {
        let words = words::edition::mistake(one.line, &one.why, one.code);
        if !told.contains(&words) {
            told.push(words);
        }
    }
    sentences.extend(told);
    if mistakes.iter().any(|one| one.code == LIST_KEPT_BY_FEW) {
        sentences.push(words::edition::WAY_OUT_OF_A_LIST.to_owned());
    }
    sentences
}

/// The code of a list that gives weight in the electorate of a seat, kept by one or two.
const LIST_KEPT_BY_FEW: &str = "C072";

fn said_open(edition: Edition) -> Option<String> {
    let is_open = edition::status(edition) == Some(Status::Open);
    is_open.then(|| say::sentence(&words::edition::open(edition)))
}

fn announced(sight: &Sight<'_>, one: &Announced) -> AnnouncedEdition {
    let by_amend = sight.state.rules.kernel.editions_by_amend;
    let effect = match sight.state.edition_due() {
        Some(update) => words::edition::by_time(sight.moment(update).text),
        None => {
            let behind = sight.kept.counted(sight).assents(sight.state, &one.name, &one.assents);
            words::edition::by_members(Share::from_ppm(say::ppm(behind.all, sight.state.weights.total)).brief())
        }
    };
    let heads = one.heads.as_ref().map(|heads| words::kernel::heads(heads.part, heads.whole));
    let lines: Vec<&str> = one.dry_run_text.lines().collect();
    let mut sentences = vec![say::sentence(&words::edition::announced(one.edition, sight.day(one.at))), effect];
    sentences.extend(heads);
    sentences.extend(said_open(one.edition));
    sentences.push(words::edition::LEAVE.to_owned());
    AnnouncedEdition {
        number: one.edition.number(),
        words: sentences,
        document: one.name.clone(),
        differences: lines.iter().take(crate::LISTED).map(|line| (*line).to_owned()).collect(),
        more: lines.len().saturating_sub(crate::LISTED),
        mine: sight.me_index().filter(|_| by_amend).map(|me| one.assents.contains(&me)),
    }
}
