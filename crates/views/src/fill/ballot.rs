//! The reader's ballots, as forms that show what stands.

use engine::ballot::{Ballot, Side as BallotSide};
use engine::decision::{Election, Standing};
use quantity::PPM;

use super::Sight;
use super::decision::in_order;
use crate::{BallotForm, BallotRow, ItemBallot, ScoreField, Share, ShareField, Side};

/// The reader's two ballots on an election; `None` for a visitor who is nobody, and for a ranking.
#[must_use]
pub fn ballot_form(sight: &Sight<'_>, decision: &str) -> Option<BallotForm> {
    let state = sight.state;
    let (me, place) = (sight.me_index()?, state.decision_place(decision)?);
    let election = state.decisions.get(place)?.election()?;
    let on = |side| state.ballots_on(me, place).find(|ballot| ballot.side == side);
    let (given, against) = (on(BallotSide::For), on(BallotSide::Against));
    let share = |ballot: Option<&Ballot>| ballot.map_or(0, |ballot| ballot.share_ppm);
    let here = share(given).saturating_add(share(against));
    Some(BallotForm {
        for_share: ShareField::placed(share(given)),
        against_share: ShareField::placed(share(against)),
        free: Share::from_ppm(idle_ppm(sight, me).saturating_add(here).min(PPM)),
        rows: rows(sight, election, given, against),
        // Members stand themselves, and a document is proposed with its text: a ballot names nobody new.
        may_nominate: false,
        problems: Vec::new(),
    })
}

fn rows(sight: &Sight<'_>, election: &Election, given: Option<&Ballot>, against: Option<&Ballot>) -> Vec<BallotRow> {
    let scores = |ballot: Option<&Ballot>| -> Vec<(u32, u32)> {
        let of_ballot = ballot.into_iter().flat_map(|ballot| sight.state.ballots.scores(ballot));
        of_ballot.map(|score| (score.candidate, score.ppm())).collect()
    };
    let (given, against) = (scores(given), scores(against));
    let field = |scores: &[(u32, u32)], place: usize| {
        let known = scores.iter().find(|(candidate, _)| *candidate as usize == place);
        known.map_or_else(ScoreField::empty, |(_, ppm)| ScoreField::given(*ppm))
    };
    let nominees =
        election.candidates.iter().enumerate().filter(|(_, candidate)| candidate.standing == Standing::Nominee);
    let places =
        in_order(election).into_iter().map(|place| (place, false)).chain(nominees.map(|(place, _)| (place, true)));
    let rows = places.filter_map(|(place, nominee)| {
        Some(BallotRow {
            candidate: sight.candidate(election, place)?,
            nominee,
            for_score: field(&given, place),
            against_score: field(&against, place),
        })
    });
    rows.collect()
}

/// The reader's ballot on one item; `None` for a visitor who is nobody, and where there is no such item.
#[must_use]
pub fn item_ballot(sight: &Sight<'_>, ranking: &str, item: &str) -> Option<ItemBallot> {
    let place = sight.state.decision_place(ranking)?;
    let target = sight.state.decisions.get(place)?.ranking()?.place(item)?;
    Some(item_field(own_item(sight, sight.me_index()?, place, target)))
}

pub(super) fn own_item<'a>(sight: &Sight<'a>, me: u32, place: usize, target: u32) -> Option<&'a Ballot> {
    sight.state.ballots_on(me, place).find(|ballot| ballot.target == target && !ballot.side.is_nomination())
}

pub(super) fn item_field(ballot: Option<&Ballot>) -> ItemBallot {
    ItemBallot {
        side: ballot.map_or(Side::For, |ballot| side_of(ballot.side)),
        share: ballot.map_or(ShareField { typed: String::new(), share_ppm: Some(0) }, |ballot| {
            ShareField::placed(ballot.share_ppm)
        }),
        placed: ballot.is_some(),
    }
}

pub(super) fn side_of(side: BallotSide) -> Side {
    if side.is_against() { Side::Against } else { Side::For }
}

/// What a member has not placed anywhere.
pub(super) fn idle_ppm(sight: &Sight<'_>, member: u32) -> u32 {
    PPM.saturating_sub(sight.state.members.placed_ppm(member))
}
