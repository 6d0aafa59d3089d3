//! The forge: people, tokens, repositories, and all that is in them. It knows no HTTP and no dialect but by name.

mod acts;

use std::collections::{BTreeMap, VecDeque};

use crate::fault::Demand;
use crate::hook::{Delivery, Hook};
use crate::year::Rng;

/// The language that a forge speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// GitHub's REST interface, version 3.
    GitHub,
    /// Gitea's and Forgejo's, version 1.
    Gitea,
    /// GitLab's, version 4.
    GitLab,
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct User {
    /// Never changes.
    pub id: u64,
    /// Can change.
    pub login: String,
    /// A program's account.
    pub bot: bool,
}

/// The rights of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Reads what everybody reads.
    Public,
    /// Reads private repositories too, and writes nothing.
    Read,
    /// Writes issues, labels and comments.
    Write,
}

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// Whose it is, by login.
    pub login: String,
    /// Its rights.
    pub access: Access,
}

/// Issues and proposals for merging, which GitHub and Gitea number together, and GitLab each for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An issue.
    Issue,
    /// A pull or merge request.
    Pull,
}

/// Where an issue or a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    /// The repository's place.
    pub repository: usize,
    /// Which of the two.
    pub kind: Kind,
    /// Its number there.
    pub number: u64,
}

/// A label of a repository.
#[derive(Clone, Debug)]
pub struct Label {
    /// By which Gitea wants it named.
    pub id: u64,
    /// By which the others do.
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// In the whole forge.
    pub id: u64,
    /// By login.
    pub author: String,
    /// Markdown.
    pub body: String,
    /// Seconds.
    pub created: i64,
    /// Seconds.
    pub updated: i64,
}

/// Where an issue went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Nowhere.
    Deleted,
    /// To another repository.
    Moved(Number),
}

/// An issue, or the issue's part of a proposal.
#[derive(Clone, Debug)]
pub struct Issue {
    /// In the whole forge; it goes along when the issue moves within GitHub.
    pub id: u64,
    /// Where it is.
    pub at: Number,
    /// By login.
    pub author: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Whether it is open.
    pub open: bool,
    /// GitHub's `completed`, `not_planned`, `duplicate` or `reopened`.
    pub reason: Option<String>,
    /// Ids.
    pub labels: Vec<u64>,
    /// Oldest first.
    pub comments: Vec<Comment>,
    /// Seconds.
    pub created: i64,
    /// Seconds.
    pub updated: i64,
    /// Seconds.
    pub closed: Option<i64>,
    /// By login.
    pub closed_by: Option<String>,
    /// It is not here any more.
    pub gone: Option<Gone>,
    /// The rest of a proposal.
    pub pull: Option<Pull>,
}

/// A pull or merge request's own part.
#[derive(Clone, Debug, Default)]
pub struct Pull {
    /// The branch that it comes from.
    pub head: String,
    /// The commit that merging made.
    pub merged: Option<String>,
    /// Seconds.
    pub merged_at: Option<i64>,
    /// By login.
    pub merged_by: Option<String>,
    /// Oldest first.
    pub reviews: Vec<Review>,
}

/// A review.
#[derive(Clone, Debug)]
pub struct Review {
    /// In the whole forge.
    pub id: u64,
    /// By login.
    pub author: String,
    /// `APPROVED`, `CHANGES_REQUESTED` or `COMMENTED`.
    pub state: String,
    /// Markdown.
    pub body: String,
    /// Seconds.
    pub at: i64,
}

/// A commit of the branch that counts.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Forty hexadecimal digits.
    pub sha: String,
    /// By login; whoever writes a commit chooses it.
    pub author: String,
    /// First line and the rest.
    pub message: String,
    /// Seconds.
    pub at: i64,
}

/// A release.
#[derive(Clone, Debug)]
pub struct Release {
    /// In the whole forge.
    pub id: u64,
    /// The name of its tag.
    pub tag: String,
    /// By login.
    pub author: String,
    /// Markdown.
    pub body: String,
    /// Seconds.
    pub at: i64,
}

/// Something that happened to an issue or a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It is new.
    Opened,
    /// With the reason, where there is one.
    Closed(Option<String>),
    /// Open again.
    Reopened,
    /// From one title to another.
    Renamed(String, String),
    /// The text changed.
    Edited,
    /// With the label's id.
    Labelled(u64),
    /// With the label's id.
    Unlabelled(u64),
    /// With the comment's id.
    Commented(u64),
    /// With the comment's id.
    CommentEdited(u64),
    /// With the comment's id.
    CommentDeleted(u64),
    /// To another repository.
    Moved(Number),
    /// It is no more.
    Deleted,
    /// With the review's id.
    Reviewed(u64),
    /// Merged.
    Merged,
}

/// A happening, with its time and who did it.
#[derive(Clone, Debug)]
pub struct Event {
    /// In the whole forge.
    pub id: u64,
    /// Where.
    pub at: Number,
    /// By login.
    pub actor: String,
    /// Seconds.
    pub time: i64,
    /// Which.
    pub what: Happening,
}

/// A repository or project.
#[derive(Clone, Debug)]
pub struct Repository {
    /// In the whole forge; it stays when the name changes.
    pub id: u64,
    /// A user or a group, by name.
    pub owner: String,
    /// Its name there.
    pub name: String,
    /// Only for those with a token that may read it.
    pub private: bool,
    /// Seconds.
    pub created: i64,
    /// Its labels.
    pub labels: Vec<Label>,
    /// Issues and proposals, in the order in which they were opened.
    pub issues: Vec<Issue>,
    /// Oldest first.
    pub commits: Vec<Commit>,
    /// Oldest first.
    pub releases: Vec<Release>,
    /// Oldest first.
    pub events: Vec<Event>,
    /// Names that it had before.
    pub former: Vec<String>,
}

/// The forge.
#[derive(Clone, Debug)]
pub struct World {
    /// The language that it speaks.
    pub dialect: Dialect,
    /// Its clock, in seconds since 1970. It goes only when told.
    pub now: i64,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// Everybody with an account.
    pub users: Vec<User>,
    /// Tokens.
    pub tokens: BTreeMap<String, Token>,
    /// Repositories.
    pub repositories: Vec<Repository>,
    /// An account at Open Collective, on the same machine.
    pub collective: Option<crate::collective::Collective>,
    /// Hooks.
    pub hooks: Vec<Hook>,
    /// Deliveries that wait to be sent.
    pub deliveries: VecDeque<Delivery>,
    /// Deliveries that were taken, each once, for sending again by hand.
    pub sent: Vec<Delivery>,
    /// Faults that were demanded.
    pub demands: Vec<Demand>,
    /// Faults by chance: so many in a thousand calls.
    pub chance: Option<(Rng, u64)>,
    /// Calls that came in: method, path, status.
    pub calls: Vec<(String, String, u16)>,
    /// Calls an hour; the forge answers as usual up to it.
    pub hourly: u64,
    /// Calls since the hour began, and when it did.
    pub used: (u64, i64),
    pub(crate) last_id: u64,
}

impl World {
    /// An empty forge, on 1 January 2026 at eight, with one person and their token (`forge-token`, which may write).
    #[must_use]
    pub fn new(dialect: Dialect) -> World {
        let mut world = World {
            dialect,
            now: 1_767_254_400,
            base: "http://forge.invalid".to_owned(),
            users: Vec::new(),
            tokens: BTreeMap::new(),
            repositories: Vec::new(),
            collective: None,
            hooks: Vec::new(),
            deliveries: VecDeque::new(),
            sent: Vec::new(),
            demands: Vec::new(),
            chance: None,
            calls: Vec::new(),
            hourly: 5_000,
            used: (0, 0),
            last_id: 100,
        };
        world.user("rochdale-bot");
        world.token("forge-token", "rochdale-bot", Access::Write);
        world
    }

    /// Lets time go on.
    pub fn pass(&mut self, seconds: i64) {
        self.now = self.now.saturating_add(seconds);
    }

    pub(crate) fn fresh_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The person of that name, who gets an account where they have none.
    pub fn user(&mut self, login: &str) -> User {
        if let Some(known) = self.users.iter().find(|user| user.login == login) {
            return known.clone();
        }
        let user = User { id: self.fresh_id(), login: login.to_owned(), bot: login.ends_with("[bot]") };
        self.users.push(user.clone());
        user
    }

    /// Gives somebody a token.
    pub fn token(&mut self, token: &str, login: &str, access: Access) {
        self.user(login);
        self.tokens.insert(token.to_owned(), Token { login: login.to_owned(), access });
    }

    /// Makes a repository; its place.
    pub fn repository(&mut self, owner: &str, name: &str) -> usize {
        self.user(owner);
        let id = self.fresh_id();
        self.repositories.push(Repository {
            id,
            owner: owner.to_owned(),
            name: name.to_owned(),
            private: false,
            created: self.now,
            labels: Vec::new(),
            issues: Vec::new(),
            commits: Vec::new(),
            releases: Vec::new(),
            events: Vec::new(),
            former: Vec::new(),
        });
        self.repositories.len() - 1
    }

    /// The place of the repository `owner/name`, by its name now or an earlier one.
    #[must_use]
    pub fn find_repository(&self, full_name: &str) -> Option<usize> {
        let now = self.repositories.iter().position(|known| known.full_name().eq_ignore_ascii_case(full_name));
        let before = || self.repositories.iter().position(|known| known.former.iter().any(|name| name == full_name));
        now.or_else(before)
    }

    /// An issue or a proposal, gone or not.
    #[must_use]
    pub fn issue(&self, at: Number) -> Option<&Issue> {
        self.repositories.get(at.repository)?.issues.iter().find(|issue| issue.at == at)
    }

    pub(crate) fn issue_mut(&mut self, at: Number) -> Option<&mut Issue> {
        self.repositories.get_mut(at.repository)?.issues.iter_mut().find(|issue| issue.at == at)
    }

    /// The number of an issue or a proposal, as the dialect counts them.
    #[must_use]
    pub fn find_number(&self, repository: usize, number: u64, kind: Kind) -> Option<Number> {
        let of = |kind| Number { repository, kind, number };
        let other = if kind == Kind::Issue { Kind::Pull } else { Kind::Issue };
        let there = |at: &Number| self.issue(*at).is_some();
        let shared = self.dialect != Dialect::GitLab;
        Some(of(kind)).filter(there).or_else(|| Some(of(other)).filter(|at| shared && there(at)))
    }

    /// The label of that name.
    #[must_use]
    pub fn find_label(&self, repository: usize, name: &str) -> Option<&Label> {
        self.repositories.get(repository)?.labels.iter().find(|label| label.name == name)
    }

    /// The label of that id.
    #[must_use]
    pub fn label(&self, repository: usize, id: u64) -> Option<&Label> {
        self.repositories.get(repository)?.labels.iter().find(|label| label.id == id)
    }

    pub(crate) fn next_number(&self, repository: usize, kind: Kind) -> u64 {
        let shared = self.dialect != Dialect::GitLab;
        let Some(known) = self.repositories.get(repository) else { return 1 };
        let numbers = known.issues.iter().filter(|issue| shared || issue.at.kind == kind).map(|issue| issue.at.number);
        numbers.max().unwrap_or(0) + 1
    }
}

impl Repository {
    /// `owner/name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

impl Issue {
    /// The comment with this id.
    #[must_use]
    pub fn comment(&self, id: u64) -> Option<&Comment> {
        self.comments.iter().find(|comment| comment.id == id)
    }
}
