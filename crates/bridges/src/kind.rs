//! The kinds of record that can be imported, by their names on the command line.

/// A kind of file or repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Transactions in Open Collective's CSV format.
    OpenCollectiveCsv,
    /// Commits as `commit,authored_at,author,files_changed`.
    CommitsCsv,
    /// A git repository on this machine.
    Git,
    /// Issues in the JSON of GitHub's REST interface.
    GithubIssues,
    /// A register of members.
    MembersCsv,
    /// Support of any kind.
    SupportCsv,
    /// Records of a forge, as a bridge brings them. No file has it.
    Forge,
    /// Opening balances, which come with a move alone.
    Balances,
}

impl Kind {
    /// Every kind of file.
    pub const ALL: [Self; 6] =
        [Self::OpenCollectiveCsv, Self::CommitsCsv, Self::Git, Self::GithubIssues, Self::MembersCsv, Self::SupportCsv];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenCollectiveCsv => "open-collective-csv",
            Self::CommitsCsv => "commits-csv",
            Self::Git => "git",
            Self::GithubIssues => "github-issues",
            Self::MembersCsv => "members-csv",
            Self::SupportCsv => "support-csv",
            Self::Forge => "forge",
            Self::Balances => "opening-balances",
        }
    }

    /// Returns the kind of that name; none if there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
