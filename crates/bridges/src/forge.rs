//! Forges: their interfaces, what their webhooks say, and the facts in both. Three dialects are spoken: GitHub's, Gitea's (Forgejo's
//! too) and GitLab's. It keeps nothing, and decides nothing.

mod address;
mod event;
mod http;
mod read;
mod record;
mod signature;
mod site;
mod write;

pub use address::{LONGEST_ADDRESS, Reach, checked};
pub use event::Event;
pub use http::{Answer, Http, LONGEST_ANSWER, LONGEST_WAIT, NoAnswer, SHORTEST_WAIT, Verb};
pub use read::{About, NotRead, Page, Release};
pub(crate) use record::account;
pub use record::{Account, Change, Commit, Gone, Issue, contribution};
pub use signature::{Delivery, LONGEST_DELIVERY, NotSigned};
pub(crate) use site::checked_token;
pub use site::{Forge, NoForge, Site, place_of_item};
pub use write::{Marked, NotWritten, Reason};

use serde::{Deserialize, Serialize};

/// The hidden mark of everything that Rochdale writes on a forge begins so, and ends with ` -->`: what has it is ours, and does not
/// come back in. Between them stands what the text is about, so that a lost answer is found out by looking for it.
pub const MARK: &str = "<!-- rochdale:";
/// The labels that Rochdale puts on issues begin so: they are no labels of the forge's.
pub const LABEL: &str = "rochdale:";

/// The language of a forge's interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// GitHub and GitHub Enterprise.
    Github,
    /// Gitea and Forgejo.
    Gitea,
    /// GitLab.
    Gitlab,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 3] = [Self::Github, Self::Gitea, Self::Gitlab];

    /// Returns its name on the command line and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitea => "gitea",
            Self::Gitlab => "gitlab",
        }
    }

    /// Returns the name that people know.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Gitea => "Forgejo or Gitea",
            Self::Gitlab => "GitLab",
        }
    }

    /// Returns the dialect of that name; `forgejo` is Gitea's. None if there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let name = if name == "forgejo" { "gitea" } else { &name };
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// Returns the dialect that a well-known forge speaks, by its host; none of others.
    #[must_use]
    pub fn of_host(host: &str) -> Option<Self> {
        match host {
            "github.com" => Some(Self::Github),
            "gitlab.com" => Some(Self::Gitlab),
            "codeberg.org" | "gitea.com" => Some(Self::Gitea),
            _ => None,
        }
    }
}
