//! Releases: how far each is from opening, its versions with their files, and who may fetch them.

use charter::{Every, Until, patron_kinds};
use engine::act::{Act, PublishRelease};
use engine::release::Release;
use engine::{Actor, Context, Edition};
use schemars::JsonSchema;
use serde::Serialize;
use words::release;

use crate::names::in_address;
use crate::{Amount, Moment, Sight, money, say, sources};

/// The ends of names by which publishers' signatures stand beside files: of `minisign`, of `ssh-keygen` and others, and of OpenPGP.
const SIGNED: [&str; 3] = [".minisig", ".sig", ".asc"];

/// As many versions of one clause as are listed, newest first.
const LISTED: usize = 100;

/// A clause whose releases come out, or did.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ReleaseClauseView {
    /// Its path, as acts name it.
    pub release: String,
    pub title: String,
    pub href: String,
    /// The sum that opens it; none for a day, and where the rules have the clause no more.
    pub threshold: Option<Threshold>,
    /// The rule in words.
    pub words: String,
    /// Who has support, in words.
    pub patrons_words: String,
    /// Until when support is held while a source of gifts is silent, in words.
    pub held_words: Option<String>,
    /// Whether the reader may fetch what is not open yet.
    pub is_patron: bool,
    /// Whether the reader may publish and withdraw, alone or with others.
    pub may_publish: bool,
    /// Newest first.
    pub versions: Vec<ReleaseVersion>,
    /// How many older ones are not listed.
    pub more: u64,
}

/// A sum, and how much of it came in as the last update counted it.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct Threshold {
    /// None before the first update.
    pub came: Option<Amount>,
    pub needed: Amount,
    pub fill_ppm: u32,
    /// For example `320.00 USD came in over the month before`.
    pub came_words: String,
    pub needed_words: String,
    pub next: Moment,
    pub next_words: String,
}

/// A version that came out.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ReleaseVersion {
    pub version: String,
    pub published: Moment,
    pub open: Option<Moment>,
    pub withdrawn: Option<Moment>,
    /// Who may fetch it, in words.
    pub stands: String,
    pub files: Vec<FileView>,
}

/// A file of a release.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct FileView {
    pub name: String,
    pub bytes: u64,
    pub size: String,
    pub sha256: String,
    pub media: String,
    /// Where the reader may fetch it.
    pub href: Option<String>,
    /// The file of the same version that its publisher signed it with, by its name: `.minisig`, `.sig` or `.asc`.
    pub publisher_signature: Option<String>,
    /// Where the reader may fetch the co-op's own signature.
    pub signature: Option<String>,
}

/// Whether there is anything to show: a clause in force, or something that came out.
#[must_use]
pub fn has_releases(sight: &Sight<'_>) -> bool {
    let state = sight.state;
    state.editions.current >= Edition::FOUR && (!state.releases.is_empty() || !state.release_clauses().is_empty())
}

/// Returns the clauses whose releases come out, or did, in the order of their paths; or the one at a path.
#[must_use]
pub fn releases(sight: &Sight<'_>, only: Option<&str>) -> Vec<ReleaseClauseView> {
    if !has_releases(sight) {
        return Vec::new();
    }
    let mut paths = sight.state.release_clauses();
    paths.extend(sight.state.releases.clauses().map(str::to_owned));
    paths.sort_unstable();
    paths.dedup();
    paths.retain(|path| only.is_none_or(|only| only == path));
    paths.into_iter().map(|path| clause(sight, path)).collect()
}

/// Returns the page of a clause's releases.
pub(crate) fn release_href(path: &str) -> String {
    format!("/releases/{}", in_address(path))
}

fn clause(sight: &Sight<'_>, path: String) -> ReleaseClauseView {
    let me = sight.me_index();
    let is_patron = me.is_some_and(|me| sight.state.is_patron(&path, me, sight.now));
    let all = sight.state.releases.of(&path);
    let versions = all.rev().take(LISTED).map(|(version, one)| self::version(sight, &path, version, one, is_patron));
    let versions: Vec<ReleaseVersion> = versions.collect();
    let more = say::whole(sight.state.releases.count(&path).saturating_sub(versions.len()));
    let (threshold, words) = rule(sight, &path);
    ReleaseClauseView {
        title: say::title(&path),
        href: release_href(&path),
        threshold,
        words,
        patrons_words: patrons(sight, &path),
        held_words: held(sight),
        is_patron,
        may_publish: may_publish(sight, &path),
        versions,
        more,
        release: path,
    }
}

/// Whether the reader holds a power by which they publish and withdraw releases of a clause.
#[must_use]
pub fn may_publish(sight: &Sight<'_>, path: &str) -> bool {
    let act = PublishRelease { release: path.to_owned(), version: String::new(), files: Vec::new() };
    let may = |who| {
        let context = Context::of(Actor::Member(who), sight.now);
        sight.state.authority(&Act::PublishRelease(act), &context).is_some()
    };
    sight.me_index().is_some() && sight.me.is_some_and(may)
}

fn rule(sight: &Sight<'_>, path: &str) -> (Option<Threshold>, String) {
    let Some(clause) = sight.state.release_clause(path) else {
        return (None, release::NO_CLAUSE.to_owned());
    };
    let (minor, period) = match clause.patrons_until {
        Until::Day(at) => return (None, release::until_day(sight.day(at))),
        Until::Raised(minor) => (minor, None),
        Until::Support(sum) => (sum.amount_minor, Some(before(sum.every))),
    };
    let counted = sight.kept.counted(sight).raised.get(path).copied();
    let came = counted.map(|sum| i64::try_from(sum).unwrap_or(i64::MAX));
    let needed = money::amount(sight, minor);
    let amount = came.map(|came| money::amount(sight, came));
    let came_words = match (&amount, period) {
        (None, _) => release::NOT_COUNTED.to_owned(),
        (Some(came), Some(period)) => release::came(&came.text, period),
        (Some(came), None) => release::came_in_all(&came.text),
    };
    let fill = i128::from(came.unwrap_or(0).max(0)).saturating_mul(1_000_000).checked_div(i128::from(minor.max(1)));
    let next = sight.state.next_update;
    let threshold = Threshold {
        fill_ppm: fill.and_then(|fill| u32::try_from(fill).ok()).map_or(0, |fill| fill.min(1_000_000)),
        needed_words: release::needed(&needed.text),
        next: sight.moment(next),
        next_words: release::next(sight.when(next)),
        came: amount,
        needed,
        came_words,
    };
    (Some(threshold), String::new())
}

fn before(every: Every) -> &'static str {
    match every {
        Every::Day => release::LAST_DAY,
        Every::Week => release::LAST_WEEK,
        Every::Month => release::LAST_MONTH,
        Every::Quarter => release::LAST_QUARTER,
        Every::Year => release::LAST_YEAR,
    }
}

fn patrons(sight: &Sight<'_>, path: &str) -> String {
    let kinds = patron_kinds(&sight.state.rules.kernel);
    if kinds.is_empty() {
        return release::KINDS_NONE.to_owned();
    }
    let every = sight.state.release_clause(path).map_or(Every::Month, |clause| clause.patrons_for());
    let period = match every {
        Every::Quarter => release::QUARTER,
        Every::Year => release::YEAR,
        Every::Day | Every::Week | Every::Month => release::MONTH,
    };
    let kinds = sources::in_words(kinds.iter());
    match sight.state.release_clause(path).and_then(|clause| clause.patrons) {
        Some(least) => release::kinds_from(money::amount(sight, least.amount_minor).text, kinds, period),
        None => release::kinds(kinds, period),
    }
}

/// Support that a silent source holds.
fn held(sight: &Sight<'_>) -> Option<String> {
    let silent: Vec<_> = sight.state.silent_for_patrons(sight.now).collect();
    let since = silent.iter().map(|heard| heard.late_at()).min()?;
    let until = silent.iter().map(|heard| heard.held_until()).max()?;
    Some(release::held(sight.day(since), sight.day(until)))
}

fn version(sight: &Sight<'_>, path: &str, version: &str, one: &Release, is_patron: bool) -> ReleaseVersion {
    let stands = match (one.withdrawn, one.open) {
        (Some(at), _) => release::withdrawn_on(sight.day(at)),
        (None, Some(at)) => release::open_since(sight.day(at)),
        (None, None) => release::FOR_PATRONS.to_owned(),
    };
    let may = one.withdrawn.is_none() && (one.open.is_some() || is_patron);
    let href = |name: &str| format!("{}/{}/{}", release_href(path), in_address(version), in_address(name));
    let files = one.files.iter().map(|file| FileView {
        name: file.name.clone(),
        bytes: file.bytes,
        size: size(file.bytes),
        sha256: file.sha256.clone(),
        media: file.media.clone(),
        href: may.then(|| href(&file.name)),
        publisher_signature: SIGNED
            .iter()
            .find_map(|end| one.file(&[&*file.name, end].concat()))
            .map(|one| one.name.clone()),
        signature: None,
    });
    ReleaseVersion {
        version: version.to_owned(),
        published: sight.moment(one.at),
        open: one.open.map(|at| sight.moment(at)),
        withdrawn: one.withdrawn.map(|at| sight.moment(at)),
        stands,
        files: files.collect(),
    }
}

/// Returns bytes in words: `1.5 MiB`, rounded down.
#[must_use]
pub fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    const GIB: u64 = 1024 * MIB;
    let tenths = |unit: u64| {
        let whole = bytes.checked_div(unit).unwrap_or(0);
        let rest = bytes.checked_rem(unit).unwrap_or(0).saturating_mul(10).checked_div(unit).unwrap_or(0);
        format!("{whole}.{rest}")
    };
    match bytes {
        0..KIB => release::bytes(bytes),
        KIB..MIB => release::kib(tenths(KIB)),
        MIB..GIB => release::mib(tenths(MIB)),
        _ => release::gib(tenths(GIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_words() {
        let sizes = [1_023, 1_024, 1_677_721, 5 << 30].map(size);
        assert_eq!(sizes, ["1023 bytes", "1.0 KiB", "1.5 MiB", "5.0 GiB"]);
    }
}
