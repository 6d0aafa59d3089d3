//! Releases: files that patrons may fetch first, and everyone once a condition holds. From edition 4 on. Not the bytes of files, which
//! are kept beside the log. Source: `docs/spec/releases.md`.

pub(crate) mod act;
mod patron;
mod raised;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use charter::{ClauseKind, Release as Clause, Until};
use imbl::OrdMap;
use quantity::{Broken, Moment, ensure};
use serde::{Deserialize, Serialize};

use crate::act::{Deed, ReleaseFile};
use crate::digest::Collect;
use crate::outcome::Outcome;
use crate::state::State;

pub use act::is_file_name;
pub use raised::Sums;

/// The most versions of one clause, withdrawn ones too.
const MOST_VERSIONS: usize = 1_000;

/// A version that came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its files, which never change.
    pub files: Arc<Vec<ReleaseFile>>,
    /// When it came out.
    pub at: Moment,
    /// Since when everyone may fetch it.
    pub open: Option<Moment>,
    /// Since when nobody may.
    pub withdrawn: Option<Moment>,
}

impl Release {
    /// The file with a name.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&ReleaseFile> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// The versions of one clause, by name, and the names in the order in which they came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Versions {
    by_name: OrdMap<Arc<str>, Release>,
    order: Arc<Vec<Arc<str>>>,
}

/// Everything that was ever published, by the path of its clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Releases(OrdMap<Arc<str>, Versions>);

impl Releases {
    /// Nothing was ever published.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The paths of clauses of which something was published, in order; the rules may have them no more.
    pub fn clauses(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|clause| &**clause)
    }

    /// The versions of a clause, each with its name, in the order in which they came out.
    pub fn of(&self, clause: &str) -> impl DoubleEndedIterator<Item = (&str, &Release)> {
        let versions = self.0.get(clause);
        let named = move |name: &'_ Arc<str>| versions.and_then(|all| all.by_name.get(name));
        let order = versions.map(|all| all.order.as_slice()).unwrap_or_default();
        order.iter().filter_map(move |name| Some((&**name, named(name)?)))
    }

    /// One version.
    #[must_use]
    pub fn get(&self, clause: &str, version: &str) -> Option<&Release> {
        self.0.get(clause)?.by_name.get(version)
    }

    /// How many versions of a clause came out.
    #[must_use]
    pub fn count(&self, clause: &str) -> usize {
        self.0.get(clause).map_or(0, |all| all.order.len())
    }

    fn add(&mut self, clause: &str, version: &str, release: Release) {
        let mut all = self.0.get(clause).cloned().unwrap_or_default();
        let name: Arc<str> = Arc::from(version);
        Arc::make_mut(&mut all.order).push(Arc::clone(&name));
        all.by_name.insert(name, release);
        self.0.insert(Arc::from(clause), all);
    }

    fn change(&mut self, clause: &str, version: &str, change: impl FnOnce(&mut Release)) {
        let Some(mut all) = self.0.get(clause).cloned() else { return };
        if let Some(release) = all.by_name.get_mut(version) {
            change(release);
        }
        self.0.insert(Arc::from(clause), all);
    }

    /// docs/spec/updates.md, Named sections, `releases`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.0.len() as u128);
        for clause in self.clauses() {
            into.text(clause).wide(self.count(clause) as u128);
            for (version, release) in self.of(clause) {
                into.text(version).number(release.at.0);
                into.number(release.open.map_or(-1, |at| at.0)).number(release.withdrawn.map_or(-1, |at| at.0));
                into.wide(release.files.len() as u128);
                for file in release.files.iter() {
                    into.text(&file.name).number(file.bytes).text(&file.sha256).text(&file.media);
                }
            }
        }
    }

    pub(crate) fn check(&self) -> Result<(), Broken> {
        for (clause, all) in &self.0 {
            ensure!(all.order.len() == all.by_name.len(), "versions of `{clause}` are not in order");
            ensure!(all.order.iter().all(|name| all.by_name.contains_key(name)), "a version of `{clause}` is lost");
        }
        Ok(())
    }
}

impl State {
    /// The release clause at a path, where the rules in force have one and this edition carries it out.
    #[must_use]
    pub fn release_clause(&self, path: &str) -> Option<&Clause> {
        let clause = self.rules.clause(path).filter(|clause| clause.opens(self.editions.current))?;
        if let ClauseKind::Release(release) = &clause.kind { Some(release) } else { None }
    }

    /// The paths of all release clauses in force, in order.
    #[must_use]
    pub fn release_clauses(&self) -> Vec<String> {
        let mut paths = Vec::new();
        let below = self.rules.below.iter().map(|(path, inner)| (format!("{path}/"), inner));
        for (path, inner) in std::iter::once((String::new(), &self.rules.constitution)).chain(below) {
            paths.extend(inner.clauses.iter().map(|clause| format!("{path}{}", clause.name)));
        }
        paths.retain(|path| self.release_clause(path).is_some());
        paths.sort_unstable();
        paths
    }

    /// The SHA-256 of each file that a release has which was not withdrawn, or a proposed one: of those the bytes are kept.
    #[must_use]
    pub fn files_named(&self) -> BTreeSet<&str> {
        let all = self.releases.clauses().flat_map(|clause| self.releases.of(clause));
        let out = all.filter(|(_, one)| one.withdrawn.is_none()).flat_map(|(_, one)| one.files.iter());
        let proposed = self.powers.proposed().filter_map(|(_, one)| match &one.deed {
            Deed::PublishRelease(act) => Some(act.files.iter()),
            _ => None,
        });
        out.chain(proposed.flatten()).map(|file| file.sha256.as_str()).collect()
    }

    /// Opens what everybody may fetch from now on. To be asked at an update, before other rules take over.
    pub(crate) fn open_releases(&mut self, at: Moment) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let clauses: Vec<String> = self.releases.clauses().map(str::to_owned).collect();
        for clause in clauses {
            let waits = |release: &Release| release.open.is_none() && release.withdrawn.is_none();
            let waiting = self.releases.of(&clause).filter(|(_, release)| waits(release));
            let waiting: Vec<String> = waiting.map(|(version, _)| version.to_owned()).collect();
            if waiting.is_empty() {
                self.raised.forget(&clause);
                continue;
            }
            if !self.is_reached(&clause, at) {
                continue;
            }
            for version in waiting {
                self.releases.change(&clause, &version, |release| release.open = Some(at));
                outcomes.push(Outcome::ReleaseOpened { release: clause.clone(), version });
            }
        }
        outcomes
    }

    /// Whether the condition of a clause holds at an update.
    fn is_reached(&mut self, clause: &str, at: Moment) -> bool {
        let raised = self.raised_by(clause, at);
        let sum = raised.as_ref().map_or(0, |raised| raised.sum);
        if let Some(raised) = raised {
            self.raised.keep(clause, raised);
        }
        let Some(release) = self.release_clause(clause) else {
            return false;
        };
        match release.patrons_until {
            // The day's own last moment is within it.
            Until::Day(last) => at > last,
            Until::Support(asked) => sum >= i128::from(asked.amount_minor),
            Until::Raised(minor) => sum >= i128::from(minor),
        }
    }
}
