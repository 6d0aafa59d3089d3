//! A commitment as a reader sees it: the options, what each has and needs, and what would be taken.

use engine::chamber::{CandidateName, Choice, Commitment, Decision, Standing, Taken};
use engine::{CandidateId, DecisionId, MemberIndex};
use quantity::Conviction;
use serde::Serialize;
use words::commitment;

use crate::decision::nominees;
use crate::names::{decision_href, decision_title, document_href};
use crate::{BallotForm, Candidate, DecisionKind, Nominee, PreviewView, Sight, Spent, Votes, ballot_form, say};

/// The page of a commitment.
#[derive(Serialize, Debug, Clone)]
pub struct CommitmentView {
    /// The decision's name.
    pub name: String,
    /// As people say it.
    pub title: String,
    pub kind: DecisionKind,
    /// Its page.
    pub href: String,
    /// The rule in plain words, a sentence each.
    pub rules: Vec<String>,
    /// The deadline; none once its only decision is taken.
    pub deadline: Option<crate::Moment>,
    /// When it is decided, and what would be taken.
    pub outlook: String,
    /// When new options come no more.
    pub freeze: Option<String>,
    /// Options that can be voted for, greatest conviction first.
    pub options: Vec<OptionView>,
    /// The conviction that the winner needs.
    pub quorum: String,
    /// How slowly conviction follows votes.
    pub follows: String,
    /// Options that are not on the ballot yet.
    pub nominees: Vec<Nominee>,
    /// The reader's ballots; none for a visitor who is nobody.
    pub ballot: Option<BallotForm>,
    /// The reader can put up an option now.
    pub may_propose: bool,
    /// Options of the reader's own that stand.
    pub own: Vec<Candidate>,
    /// Attention placed on what is no nominee any more.
    pub spent: Vec<Spent>,
    /// The decisions that were taken last, latest first.
    pub taken: Vec<TakenView>,
    /// The number of those before them, in words; none where all are shown.
    pub earlier: Option<String>,
    /// It accepts credit, and its options strike from what is proposed.
    pub accepts_credit: bool,
    /// The credit that is proposed.
    pub credit: Option<crate::ProposedCredit>,
    /// The pool that it shares out.
    pub sharing: Option<SharingView>,
    /// Set after pressing Preview.
    pub preview: Option<PreviewView>,
}

/// A pool that a commitment shares out, as its options can direct it.
#[derive(Serialize, Debug, Clone)]
pub struct SharingView {
    /// In words, with the place of the link.
    pub words: String,
    /// The pool's page.
    pub href: String,
    /// The projects that ask, each with its name and its line.
    pub projects: Vec<(String, String)>,
    /// The field of the sum that an option adds; none where none may be added.
    pub may_add: Option<String>,
}

/// So many projects are in the form.
const IN_FORM: usize = 100;

/// So many of the decisions that were taken are on the page: two years of months.
const SHOWN: usize = 24;

/// An option that can be voted for.
#[derive(Serialize, Debug, Clone)]
pub struct OptionView {
    pub candidate: Candidate,
    /// It is carried out where no other is taken.
    pub default: bool,
    /// It would be taken if the cycle ended now.
    pub leads: bool,
    pub votes: Votes,
    pub conviction: Votes,
    /// The conviction at which it would be taken, all else unchanged; none for the default.
    pub needs: Option<Votes>,
    /// How much of that it has, in parts per million.
    pub fill_ppm: u32,
    /// The conviction that is missing, or that it is enough.
    pub missing: String,
    /// Its conviction at the deadline if nobody moves a vote.
    pub ahead: String,
}

/// A decision that was taken.
#[derive(Serialize, Debug, Clone)]
pub struct TakenView {
    pub at: crate::Moment,
    /// The option's line.
    pub option: String,
    /// The page of its text; none for the default.
    pub href: Option<String>,
    /// With how much conviction, or that it was the default.
    pub words: String,
}

/// The text of an option.
#[derive(Serialize, Debug, Clone)]
pub struct OptionText {
    /// SHA-256 of the text, hex.
    pub id: String,
    /// Its first line.
    pub line: String,
    /// The lines below it; none where the text is not kept here.
    pub text: Option<String>,
}

/// Returns the page of a commitment; `None` for another kind of decision or where there is none of this name.
#[must_use]
pub fn commitment(sight: &Sight<'_>, name: &str) -> Option<CommitmentView> {
    let place = sight.state.decision_place(name)?;
    let decision = sight.state.decisions.get(place)?;
    let own = decision.commitment()?;
    let me = sight.me_index();
    let open = own.deadline().is_some();
    Some(CommitmentView {
        name: name.to_owned(),
        title: decision_title(name),
        kind: DecisionKind::Commitment,
        href: decision_href(name),
        rules: sight.rules(decision),
        deadline: own.deadline().map(|at| sight.moment(at)),
        outlook: outlook(sight, decision, own),
        freeze: freeze(sight, own),
        options: if open { options(sight, decision, own) } else { Vec::new() },
        quorum: quorum(decision, own),
        follows: commitment::follows(say::about_days(own.half_life_us() / quantity::MICRO)),
        nominees: nominees(sight, place, decision),
        ballot: ballot_form(sight, name).filter(|_| open),
        may_propose: open && me.is_some() && !own.is_frozen(sight.now),
        own: me.map_or_else(Vec::new, |me| own_options(sight, decision, me)),
        spent: me.map_or_else(Vec::new, |me| spent(sight, place, decision, me)),
        taken: own.taken().iter().rev().take(SHOWN).map(|taken| taken_view(sight, name, taken)).collect(),
        earlier: own.taken().len().checked_sub(SHOWN).filter(|count| *count > 0).map(commitment::and_earlier),
        accepts_credit: sight.state.accepts_credit(name),
        credit: sight.state.accepts_credit(name).then(|| crate::proposed_credit(sight)).flatten(),
        sharing: sharing(sight, decision, own),
        preview: None,
    })
}

fn sharing(sight: &Sight<'_>, decision: &Decision, own: &Commitment) -> Option<SharingView> {
    let pool = sight.state.decisions.get(sight.state.shared_pool(decision)?)?;
    let most = i64::try_from(own.shares_out()?.may_add_minor).unwrap_or(i64::MAX);
    let asking = pool.pool()?.asking().take(IN_FORM).filter_map(|(item, _)| {
        let id = pool.item_at(item)?.id.to_string();
        Some((id.clone(), crate::pool::line(sight, &id)))
    });
    Some(SharingView {
        words: commitment::its_pool(decision_title(&pool.name)),
        href: decision_href(&pool.name),
        projects: asking.collect(),
        may_add: (most > 0).then(|| commitment::add_to_pool(say::money(most, sight.state.rules.kernel.currency).text)),
    })
}

/// When it is decided and what would be taken, in a sentence or two.
pub(crate) fn outlook(sight: &Sight<'_>, decision: &Decision, own: &Commitment) -> String {
    let Some(deadline) = own.deadline() else {
        return own.taken().last().map_or_else(
            || commitment::DAY_PASSED.to_owned(),
            |taken| commitment::taken(line_of_taken(sight, taken), sight.day(taken.at)),
        );
    };
    let when = sight.when(deadline);
    let in_words = |place: CandidateId| sight.in_words(decision, place);
    let leading = own.leading(decision.capacity);
    let Some(leading) = leading.filter(|_| own.updates() > 0) else {
        return commitment::no_count_yet(when, sight.day(sight.state.next_update));
    };
    let now = commitment::ends_now(in_words(leading), when);
    let then = match sight.state.taken_ahead(decision) {
        Some(ahead) if ahead != leading => commitment::becomes(in_words(ahead)),
        _ => commitment::STAYS_SO.to_owned(),
    };
    format!("{now} {then}")
}

fn freeze(sight: &Sight<'_>, own: &Commitment) -> Option<String> {
    own.deadline()?;
    let from = own.frozen_from();
    if own.is_frozen(sight.now) {
        return Some(commitment::frozen(sight.day(from)));
    }
    Some(commitment::freezes(sight.when(from)))
}

fn votes(conviction: Conviction) -> Votes {
    say::votes(conviction.rounded())
}

/// The conviction that the quorum asks for, micro-votes, rounded up.
fn quorum_micro(decision: &Decision, own: &Commitment) -> i128 {
    let part = decision.capacity.saturating_mul(u128::from(own.quorum_ppm()));
    say::wide(part.div_ceil(u128::from(quantity::PPM)))
}

fn quorum(decision: &Decision, own: &Commitment) -> String {
    let (needed, all) = (say::votes(quorum_micro(decision, own)), say::votes(say::wide(decision.capacity)));
    let percent = format!("{} %", crate::decimal(i128::from(own.quorum_ppm()), 4, 1).trim_end_matches(".0"));
    commitment::quorum(needed.text, percent, all.text)
}

/// Greatest conviction first; the default among the others.
fn options(sight: &Sight<'_>, decision: &Decision, own: &Commitment) -> Vec<OptionView> {
    let mut all: Vec<Choice<'_>> = own.choices().filter(Choice::can_be_voted_for).collect();
    all.sort_by_key(|one| (std::cmp::Reverse(one.conviction), one.place));
    let leading = own.leading(decision.capacity).filter(|_| own.updates() > 0);
    let view = |one: &Choice<'_>| {
        let is_default = own.is_default(one.place);
        let most = all.iter().filter(|other| other.place != one.place).map(|other| other.conviction).max();
        let above = most.unwrap_or_default().rounded().max(0);
        let needs = above.saturating_add(1).max(quorum_micro(decision, own));
        let has = one.conviction.rounded();
        let leads = leading == Some(one.place);
        let missing = match (is_default, leads) {
            (true, _) => commitment::DEFAULT.to_owned(),
            (false, true) => commitment::ENOUGH.to_owned(),
            (false, false) => commitment::needs_more(say::votes(needs.saturating_sub(has)).text),
        };
        let wide = |micro: i128| u128::try_from(micro).unwrap_or(0);
        let ahead = votes(sight.state.conviction_ahead(decision, one.place));
        Some(OptionView {
            candidate: with_href(decision, own, one.place, sight.candidate(decision, one.place)?),
            default: is_default,
            leads,
            votes: say::votes(one.votes.unwrap_or(0)),
            conviction: votes(one.conviction),
            needs: (!is_default).then(|| say::votes(needs)),
            fill_ppm: if is_default { 0 } else { say::ppm(wide(has).min(wide(needs)), wide(needs)) },
            missing,
            ahead: commitment::at_the_deadline(ahead.text),
        })
    };
    all.iter().filter_map(view).collect()
}

/// Links an option to its text; the default has none.
fn with_href(decision: &Decision, own: &Commitment, place: CandidateId, candidate: Candidate) -> Candidate {
    let href = (!own.is_default(place)).then(|| document_href(&decision.name, &candidate.id));
    Candidate { href, ..candidate }
}

/// A candidate of a commitment under the first line of its text.
pub(crate) fn option(sight: &Sight<'_>, own: &Commitment, candidate: Candidate) -> Candidate {
    let name = match candidate.id == own.default_name() {
        true => own.default_line().to_string(),
        false => line(sight, &candidate.id),
    };
    Candidate { name, ..candidate }
}

/// The first line of an option's text, or the beginning of its hash where it is not kept here.
fn line(sight: &Sight<'_>, hash: &str) -> String {
    let card = sight.directory.document(hash);
    let line = card.and_then(|card| card.text.lines().next().map(str::to_owned));
    match line {
        // Strikes name members by their pseudonyms.
        Some(line) if line.starts_with(words::credit::STRIKE_MEMBER) => crate::credit::in_names(sight, &line),
        Some(line) => line,
        None => hash.chars().take(12).collect(),
    }
}

/// The line of an option that was taken.
pub(crate) fn line_of(sight: &Sight<'_>, taken: &Taken) -> String {
    taken.default.as_ref().map_or_else(|| line(sight, &taken.option), ToString::to_string)
}

fn line_of_taken(sight: &Sight<'_>, taken: &Taken) -> String {
    words::names::quoted(line_of(sight, taken))
}

/// The sentence on a decision that was taken.
pub(crate) fn taken_sentence(sight: &Sight<'_>, decision: &str, option: &str, by_default: bool) -> String {
    let mut known = sight.state.decisions.iter().filter(|(_, one)| one.name == decision);
    let taken = known.find_map(|(_, one)| one.commitment()?.taken().iter().rev().find(|taken| taken.option == option));
    let option = taken.map_or_else(|| words::names::quoted(line(sight, option)), |taken| line_of_taken(sight, taken));
    let decision = say::plain(decision);
    if by_default { commitment::came_out_by_default(decision, option) } else { commitment::came_out(decision, option) }
}

fn taken_view(sight: &Sight<'_>, name: &str, taken: &Taken) -> TakenView {
    let words = match taken.default {
        Some(_) => commitment::BY_DEFAULT.to_owned(),
        None => commitment::taken_with(votes(taken.conviction).text, say::votes(say::wide(taken.capacity)).text),
    };
    TakenView {
        at: sight.moment(taken.at),
        option: line_of(sight, taken),
        href: taken.default.is_none().then(|| document_href(name, &taken.option)),
        words,
    }
}

fn own_options(sight: &Sight<'_>, decision: &Decision, me: MemberIndex) -> Vec<Candidate> {
    let known = (0..).map(CandidateId).zip(decision.candidates());
    let own = known.filter(|(_, one)| one.proposer == Some(me) && one.standing != Standing::Out);
    own.filter_map(|(place, _)| sight.candidate(decision, place)).collect()
}

fn spent(sight: &Sight<'_>, place: DecisionId, decision: &Decision, me: MemberIndex) -> Vec<Spent> {
    let mut spent = sight.spent(place, decision, me);
    for one in &mut spent {
        one.candidate.name = line(sight, &one.candidate.id);
    }
    spent
}

/// Returns the text of an option that stands or was taken; `None` where there is none of this hash.
#[must_use]
pub fn option_text(sight: &Sight<'_>, decision: &str, option: &str) -> Option<OptionText> {
    let known = sight.state.decision(decision)?;
    let own = known.commitment()?;
    let stands = known.candidate_place(&CandidateName::Document(option.to_owned())).is_some();
    if !stands && !own.taken().iter().any(|taken| taken.option == option) {
        return None;
    }
    let card = sight.directory.document(option);
    let below = |text: &str| text.split_once('\n').map_or(String::new(), |(_, below)| below.to_owned());
    Some(OptionText {
        id: option.to_owned(),
        line: if option == own.default_name() { own.default_line().to_string() } else { line(sight, option) },
        text: card.map(|card| below(&card.text)),
    })
}
