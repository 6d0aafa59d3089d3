//! Attributions by who gives: which parts of a person's pay-out go to whom in a week.

use std::collections::BTreeMap;

use super::graph::{Attribution, Graph};

/// By giver: attributions by who gets them, then by week; of a pair and week the later one of the graph last.
#[derive(Debug)]
pub struct Shares(BTreeMap<u32, Vec<Attribution>>);

impl Shares {
    pub fn of(graph: &Graph) -> Self {
        let mut by_giver: BTreeMap<u32, Vec<Attribution>> = BTreeMap::new();
        for one in &graph.attributions {
            by_giver.entry(one.from).or_default().push(*one);
        }
        for given in by_giver.values_mut() {
            given.sort_by_key(|one| (one.to, one.week));
        }
        Self(by_giver)
    }

    pub fn givers(&self) -> impl Iterator<Item = u32> {
        self.0.keys().copied()
    }

    /// Those who get a part of somebody's pay-out in a week, and how much: of several attributions of a pair the last that has begun.
    pub fn in_week(&self, giver: u32, week: u32) -> Vec<(u32, u32)> {
        let mut shares: Vec<(u32, u32)> = Vec::new();
        for one in self.0.get(&giver).into_iter().flatten().filter(|one| one.week <= week) {
            match shares.last_mut() {
                Some((to, share)) if *to == one.to => *share = one.share_ppm,
                _ => shares.push((one.to, one.share_ppm)),
            }
        }
        shares.retain(|(_, share)| *share > 0);
        shares
    }

    /// All that somebody gives of their pay-out in a week.
    pub fn given_ppm(&self, giver: u32, week: u32) -> u64 {
        self.in_week(giver, week).iter().fold(0, |sum, (_, share)| sum.saturating_add(u64::from(*share)))
    }

    /// The first giver who gives more than `most_ppm` in some week. Parts change in no week but those that one begins in.
    pub fn first_beyond(&self, most_ppm: u64) -> Option<u32> {
        let beyond = |giver: u32, given: &[Attribution]| {
            let mut weeks: Vec<u32> = given.iter().map(|one| one.week).collect();
            weeks.sort_unstable();
            weeks.dedup();
            weeks.into_iter().any(|week| self.given_ppm(giver, week) > most_ppm)
        };
        self.0.iter().find(|(giver, given)| beyond(**giver, given)).map(|(giver, _)| *giver)
    }
}
