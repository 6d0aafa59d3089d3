//! Work of a repository and of its forge as pieces that lead to one another: commits, issues that they name, and reviews of changes by the
//! commit that brought each in. It knows no member and no period.

use std::collections::{BTreeMap, BTreeSet};

use bridges::{ForgeWork, Identity, Lineage};
use engine::Pseudonym;
use engine::credit::Kind;
use quantity::Moment;

/// The most links of a contribution that a list may have.
const MOST_LINKS: usize = 100;

/// All work, each piece by its place: commits by their ids, issues and reviews by their numbers. No order of files shows.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub people: Vec<Identity>,
    pub pieces: Vec<Piece>,
    /// Reviews that count nothing: of a change that no commit here brought in, after it came in, or of one's own.
    pub left_out: usize,
}

/// Everybody who made something: those of the repository, and then accounts of the forge.
#[derive(Debug)]
pub(super) struct Makers {
    pub people: Vec<Identity>,
    /// From here on people are accounts.
    pub accounts: usize,
    /// Places of people, by the name by which they sign in at the forge.
    by_login: BTreeMap<String, u32>,
}

/// One contribution.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub kind: Kind,
    /// The whole id of a commit, or the number of the forge.
    pub id: String,
    /// When somebody made it; none where a program did.
    pub at: Option<Moment>,
    /// Places of people, the first author first.
    pub authors: Vec<u32>,
    /// Places of pieces, in rising order.
    pub links: Vec<u32>,
}

impl Makers {
    /// Everybody of a history and of its forge. An account is who commits with the address that the forge gives it, or one person more.
    pub(super) fn of(lineage: &Lineage, forge: &ForgeWork) -> Makers {
        let host = host_of(forge);
        let accounts = lineage.people.len();
        let mut makers = Makers { people: lineage.people.clone(), accounts, by_login: BTreeMap::new() };
        let issues = forge.issues.values().map(|issue| &issue.by);
        let changes = forge.changes.values().map(|change| &change.by);
        let reviews = forge.reviews.values().map(|review| &review.by);
        let logins: BTreeSet<&String> = issues.chain(changes).chain(reviews).flatten().collect();
        let mut by_address: BTreeMap<&str, u32> = BTreeMap::new();
        for (person, identity) in (0..).zip(&lineage.people) {
            let own = identity.emails.iter().filter_map(|email| login_of(email, host.as_deref()?));
            own.for_each(|login| {
                by_address.entry(login).or_insert(person);
            });
        }
        for login in logins {
            let person = by_address.get(login.as_str()).copied().unwrap_or_else(|| {
                let (name, handle) = (login.clone(), Some(login.clone()));
                makers.people.push(Identity { name, handle, ..Identity::default() });
                place(makers.people.len()).saturating_sub(1)
            });
            makers.by_login.insert(login.clone(), person);
        }
        makers
    }

    fn person(&self, login: Option<&str>) -> Option<u32> {
        self.by_login.get(login?).copied()
    }
}

impl Work {
    /// Puts a history and what its forge says together. `members` are the people of the register, by place.
    pub(super) fn new(lineage: &Lineage, forge: &ForgeWork, makers: Makers, members: &[Option<Pseudonym>]) -> Work {
        let mut work = Work::default();
        for commit in &lineage.commits {
            work.pieces.push(Piece {
                kind: if commit.parents.len() > 1 { Kind::Merge } else { Kind::Commit },
                id: commit.id.clone(),
                at: commit.made.map(|(_, at)| at),
                authors: commit.made.into_iter().map(|(author, _)| author).chain(commit.with.iter().copied()).collect(),
                links: commit.parents.clone(),
            });
        }
        let brought = brought_in(lineage, forge);
        work.issues(lineage, forge, &makers, &brought);
        work.reviews(lineage, forge, &makers, &brought, members);
        work.people = makers.people;
        work
    }

    /// Adds the forge's issues, and links from the commits that name them, or that brought in a change which does.
    fn issues(&mut self, lineage: &Lineage, forge: &ForgeWork, makers: &Makers, brought: &BTreeMap<u64, u32>) {
        let mut places = BTreeMap::new();
        for (number, issue) in &forge.issues {
            places.insert(*number, place(self.pieces.len()));
            let author = makers.person(issue.by.as_deref());
            self.pieces.push(Piece {
                kind: Kind::Issue,
                id: number.to_string(),
                at: author.map(|_| issue.at),
                authors: author.into_iter().collect(),
                links: Vec::new(),
            });
        }
        let mut named: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        let of_commits = (0..).zip(&lineage.commits).map(|(at, commit)| (at, &commit.names));
        let of_changes = brought.iter().filter_map(|(number, at)| Some((*at, &forge.changes.get(number)?.names)));
        for (at, names) in of_commits.chain(of_changes) {
            let issues = names.iter().filter_map(|number| places.get(number));
            named.entry(at).or_default().extend(issues);
        }
        for (at, issues) in named {
            if let Some(piece) = self.pieces.get_mut(at as usize) {
                piece.links.extend(issues);
                piece.links.truncate(MOST_LINKS);
            }
        }
    }

    /// Adds one review of each change by each person, the first before it came in, of the time at which it did.
    fn reviews(
        &mut self,
        lineage: &Lineage,
        forge: &ForgeWork,
        makers: &Makers,
        brought: &BTreeMap<u64, u32>,
        members: &[Option<Pseudonym>],
    ) {
        // Two accounts of one member are one person, and so are an account and an address.
        let who = |person: u32| match members.get(person as usize).copied().flatten() {
            Some(member) => (Some(member), None),
            None => (None, Some(person)),
        };
        // Who made what a merge brought in is looked up once, however many reviews it has.
        let mut made: BTreeMap<u64, BTreeSet<_>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut by_time: Vec<_> = forge.reviews.iter().collect();
        by_time.sort_unstable_by_key(|(id, review)| (review.at, **id));
        let mut found = BTreeMap::new();
        for (id, review) in by_time {
            let Some(person) = makers.person(review.by.as_deref()) else { continue };
            let change = forge.changes.get(&review.change);
            let commit = brought.get(&review.change).copied();
            let made_at = commit.and_then(|commit| self.pieces.get(commit as usize)?.at);
            let merged = change.and_then(|change| change.merged).or(made_at);
            let counts = commit.zip(merged).filter(|(_, merged)| review.at <= *merged).filter(|(commit, _)| {
                let made = made.entry(review.change).or_insert_with(|| {
                    let author = makers.person(change.and_then(|change| change.by.as_deref()));
                    makers_of(lineage, *commit).into_iter().chain(author).map(who).collect()
                });
                !made.contains(&who(person)) && seen.insert((review.change, who(person)))
            });
            let Some((commit, merged)) = counts else {
                self.left_out = self.left_out.saturating_add(1);
                continue;
            };
            let (id, at) = (*id, Some(merged));
            let (kind, authors, links) = (Kind::Review, vec![person], vec![commit]);
            found.insert(id, Piece { kind, id: id.to_string(), at, authors, links });
        }
        self.pieces.extend(found.into_values());
    }
}

fn place(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The host of the forge: `github.com`.
pub(super) fn host_of(forge: &ForgeWork) -> Option<String> {
    Some(forge.place.as_deref()?.split('/').next()?.to_owned())
}

/// The account of a commit's address, where it is one that a forge gives accounts which keep their own to themselves:
/// `1234+login@users.noreply.github.com`, `login@noreply.codeberg.org`.
fn login_of<'e>(email: &'e str, host: &str) -> Option<&'e str> {
    let (name, at) = email.split_once('@')?;
    let (before, rest) = at.split_once("noreply.")?;
    let is_account = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let name = name.split_once('+').filter(|(number, _)| is_account(number)).map_or(name, |(_, name)| name);
    (rest == host && matches!(before, "" | "users.")).then_some(name)
}

/// The commit that brought each change in: the one that the forge names, or else the earliest whose message says so.
fn brought_in(lineage: &Lineage, forge: &ForgeWork) -> BTreeMap<u64, u32> {
    let mut said: BTreeMap<u64, (Moment, u32)> = BTreeMap::new();
    for (at, commit) in (0..).zip(&lineage.commits) {
        let (Some(number), Some((_, made))) = (commit.change, commit.made) else { continue };
        let known = said.entry(number).or_insert((made, at));
        *known = (*known).min((made, at));
    }
    let mut brought: BTreeMap<u64, u32> = said.into_iter().map(|(number, (_, at))| (number, at)).collect();
    for (number, change) in &forge.changes {
        let Some(id) = change.commit.as_deref() else { continue };
        let at = lineage.commits.partition_point(|commit| commit.id.as_str() < id);
        if lineage.commits.get(at).is_some_and(|commit| commit.id.starts_with(id)) {
            brought.insert(*number, place(at));
        }
    }
    brought
}

/// Everybody who made what a commit brought in: its authors, or those of all commits that a merge brought in beside the branch it is on.
fn makers_of(lineage: &Lineage, commit: u32) -> BTreeSet<u32> {
    let get = |at: &u32| lineage.commits.get(*at as usize);
    let Some(merge) = get(&commit) else { return BTreeSet::new() };
    if merge.parents.len() < 2 {
        return merge.made.into_iter().map(|(author, _)| author).chain(merge.with.iter().copied()).collect();
    }
    let before = reached(lineage, merge.first.into_iter().collect(), &BTreeSet::new());
    let others = merge.parents.iter().copied().filter(|parent| Some(*parent) != merge.first).collect();
    let brought = reached(lineage, others, &before);
    let made = brought.iter().filter_map(get);
    made.flat_map(|one| one.made.map(|(author, _)| author).into_iter().chain(one.with.iter().copied())).collect()
}

/// All commits that some lead to, themselves too, without those that stop it.
fn reached(lineage: &Lineage, mut waiting: Vec<u32>, stop: &BTreeSet<u32>) -> BTreeSet<u32> {
    waiting.retain(|at| !stop.contains(at));
    let mut reached: BTreeSet<u32> = waiting.iter().copied().collect();
    while let Some(at) = waiting.pop() {
        for parent in lineage.commits.get(at as usize).into_iter().flat_map(|commit| &commit.parents) {
            if !stop.contains(parent) && reached.insert(*parent) {
                waiting.push(*parent);
            }
        }
    }
    reached
}
