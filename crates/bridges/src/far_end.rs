//! The far end of a bridge: a forge in its dialect, or Open Collective; and which of them an address names. It calls nothing.

use serde::{Deserialize, Serialize};

use crate::forge::{Dialect, NoForge, Reach, checked};
use crate::open_collective::HOST;

/// The service that a bridge speaks with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum FarEnd {
    /// A forge, in its dialect.
    Forge(Dialect),
    /// Open Collective.
    OpenCollective,
}

/// The forms of an address that are understood without any further word.
const UNDERSTOOD: &str = "`owner/name` or `https://github.com/owner/name`, `https://gitlab.com/owner/name`, `https://codeberg.org/owner/name`, `https://gitea.com/owner/name`, and a collective's slug or `https://opencollective.com/slug`";

impl FarEnd {
    /// Every far end.
    pub const ALL: [Self; 4] =
        [Self::Forge(Dialect::Github), Self::Forge(Dialect::Gitea), Self::Forge(Dialect::Gitlab), Self::OpenCollective];

    /// Returns its name on the command line and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forge(dialect) => dialect.name(),
            Self::OpenCollective => "open-collective",
        }
    }

    /// Returns the name that people know.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Forge(dialect) => dialect.title(),
            Self::OpenCollective => "Open Collective",
        }
    }

    /// Returns the far end of that name. None if there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        if name == Self::OpenCollective.name() {
            return Some(Self::OpenCollective);
        }
        Dialect::parse(&name).map(Self::Forge)
    }

    /// Returns the dialect of a forge.
    #[must_use]
    pub const fn dialect(self) -> Option<Dialect> {
        match self {
            Self::Forge(dialect) => Some(dialect),
            Self::OpenCollective => None,
        }
    }

    /// Recognises what a text names: an address of a well-known place, a repository's `owner/name` at GitHub, or a collective's slug.
    /// Returns the address of its page, without what leads further into a repository.
    ///
    /// # Errors
    /// It may not be called, or is none that is known; the words name all that is.
    ///
    /// ```
    /// use bridges::{FarEnd, forge::Reach};
    /// let (end, address) = FarEnd::recognised("our-coop", Reach::Public).unwrap();
    /// assert_eq!((end.title(), address.as_str()), ("Open Collective", "https://opencollective.com/our-coop"));
    /// assert_eq!(FarEnd::recognised("owner/name", Reach::Public).unwrap().1, "https://github.com/owner/name");
    /// ```
    pub fn recognised(text: &str, reach: Reach) -> Result<(Self, String), NoForge> {
        let text = text.trim().trim_end_matches('/');
        let whole = whole_address(text);
        let host = checked(&whole, reach).map_err(|why| NoForge(format!("{why}; {}", understood())))?;
        let host = host.strip_prefix("www.").unwrap_or(&host);
        if host == HOST {
            return Ok((Self::OpenCollective, whole));
        }
        let Some(dialect) = Dialect::of_host(host) else {
            return Err(NoForge(format!(
                "say which forge `{host}` is (github, gitea, Forgejo too, gitlab or open-collective), or give an address that is known by itself: {UNDERSTOOD}"
            )));
        };
        Ok((Self::Forge(dialect), repository(dialect, host, &whole)))
    }
}

fn understood() -> String {
    format!("understood are {UNDERSTOOD}")
}

/// Puts what people leave out before an address.
fn whole_address(text: &str) -> String {
    if text.contains("://") {
        return text.to_owned();
    }
    // As git writes it for its own use.
    if let Some((host, path)) = text.strip_prefix("git@").and_then(|rest| rest.split_once(':')) {
        return format!("https://{host}/{path}");
    }
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    match text.split('/').collect::<Vec<_>>()[..] {
        [slug] if plain(slug) && !slug.contains('.') => format!("https://{HOST}/{slug}"),
        [owner, name] if plain(owner) && plain(name) && !owner.contains('.') => {
            format!("https://github.com/{owner}/{name}")
        }
        [host, _, ..] if plain(host) && host.contains('.') => format!("https://{text}"),
        _ => text.to_owned(),
    }
}

/// The address of a repository's own page, where one of its other pages is named.
fn repository(dialect: Dialect, host: &str, address: &str) -> String {
    let path = address.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let own = match dialect {
        // Groups of GitLab are as deep as anybody likes; what is no group of theirs comes after a dash.
        Dialect::Gitlab => path.split("/-/").next().unwrap_or_default().to_owned(),
        Dialect::Github | Dialect::Gitea => path.split('/').take(2).collect::<Vec<_>>().join("/"),
    };
    format!("https://{host}/{}", own.trim_end_matches('/').trim_end_matches(".git"))
}

impl From<Dialect> for FarEnd {
    fn from(dialect: Dialect) -> Self {
        Self::Forge(dialect)
    }
}

impl From<FarEnd> for String {
    fn from(end: FarEnd) -> Self {
        end.name().to_owned()
    }
}

impl TryFrom<String> for FarEnd {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or_else(|| format!("there is no far end `{name}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_is_of() {
        for (text, name, address) in [
            ("owner/name", "github", "https://github.com/owner/name"),
            (" github.com/owner/name/ ", "github", "https://github.com/owner/name"),
            ("https://github.com/Owner/name.git", "github", "https://github.com/Owner/name"),
            ("https://github.com/owner/name/issues?q=is%3Aopen", "github", "https://github.com/owner/name"),
            ("git@github.com:owner/name.git", "github", "https://github.com/owner/name"),
            ("https://codeberg.org/owner/name/src/branch/main", "gitea", "https://codeberg.org/owner/name"),
            ("https://gitlab.com/group/part/name/-/issues", "gitlab", "https://gitlab.com/group/part/name"),
            ("our-coop", "open-collective", "https://opencollective.com/our-coop"),
            ("opencollective.com/our-coop", "open-collective", "https://opencollective.com/our-coop"),
            ("https://opencollective.com/our-coop", "open-collective", "https://opencollective.com/our-coop"),
        ] {
            let (end, found) = FarEnd::recognised(text, Reach::Public).unwrap();
            assert_eq!((end.name(), found.as_str()), (name, address), "{text}");
        }
    }

    #[test]
    fn an_address_that_is_unknown_or_inside_is_refused_with_all_that_is_understood() {
        for (text, why) in [
            ("https://forge.example/owner/name", "which forge `forge.example` is"),
            ("transactions.csv", "is not a whole address"),
            ("", "is not"),
            ("two words", "is not an address"),
            ("ftp://github.com/owner/name", "is not an address of the web"),
            ("http://github.com/owner/name", "not called in the clear"),
            ("https://10.0.0.7/owner/name", "inside a network"),
            ("https://127.0.0.1/owner/name", "inside a network"),
            ("https://localhost/our-coop", "inside a network"),
            ("https://[::1]/owner/name", "inside a network"),
            ("https://169.254.169.254/latest/meta-data", "inside a network"),
            ("https://2130706433/owner/name", "names no machine"),
            ("https://me:secret@github.com/owner/name", "before the `@`"),
        ] {
            let said = FarEnd::recognised(text, Reach::Public).unwrap_err().0;
            assert!(said.contains(why), "{text}: {said}");
            assert!(
                said.contains("https://codeberg.org/owner/name") && said.contains("opencollective.com/slug"),
                "{said}"
            );
        }
    }
}
