//! One repository of a forge: its address, the address of its interface, and calls with a token. It reads no answers.

use std::fmt;

use super::Dialect;
use super::address::{Reach, checked};
use super::http::{Answer, Http, NoAnswer, Verb};

/// The longest token, bytes.
const LONGEST_TOKEN: usize = 500;

/// A repository where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The language of its interface.
    pub dialect: Dialect,
    /// The address of its page, without an end.
    pub page: String,
    /// The root of the forge's interface.
    root: String,
    /// Its owner and name: the path under the forge's own address.
    path: String,
    /// `host/owner/name` in small letters: the repository as facts name it.
    place: String,
}

/// Why something is no repository, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoForge(pub String);

impl Site {
    /// Reads the address of a repository's page, such as `https://github.com/owner/name`. Nothing is called.
    ///
    /// # Errors
    /// It is none that may be called, or names no repository.
    ///
    /// ```
    /// use bridges::forge::{Dialect, Reach, Site};
    /// let site = Site::parse(Dialect::Github, "https://github.com/Owner/Name/", Reach::Public).unwrap();
    /// assert_eq!((site.place(), site.api()), ("github.com/owner/name", "https://api.github.com/repos/Owner/Name".to_owned()));
    /// ```
    pub fn parse(dialect: Dialect, address: &str, reach: Reach) -> Result<Self, NoForge> {
        let address = address.trim().trim_end_matches('/').trim_end_matches(".git");
        let host = checked(address, reach).map_err(NoForge)?;
        let wrong = || {
            NoForge(format!(
                "`{address}` is no repository: write the address of its page, `https://forge.example/owner/name`"
            ))
        };
        let (scheme, rest) = address.split_once("://").ok_or_else(wrong)?;
        let (authority, path) = rest.split_once('/').ok_or_else(wrong)?;
        let plain = |part: &str| {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !part.is_empty() && part.bytes().all(known) && part.bytes().any(|byte| byte != b'.')
        };
        let parts: Vec<&str> = path.split('/').collect();
        if parts.len() < 2 || !parts.iter().all(|part| plain(part)) {
            return Err(wrong());
        }
        let at = format!("{scheme}://{authority}");
        // Forgejo may lie under a folder of its host; GitLab's groups are folders themselves.
        let (under, path) = match dialect {
            Dialect::Gitea => {
                let (before, own) = parts.split_at(parts.len() - 2);
                (before.iter().map(|part| format!("/{part}")).collect::<String>(), own.join("/"))
            }
            Dialect::Github if parts.len() != 2 => return Err(wrong()),
            Dialect::Github | Dialect::Gitlab => (String::new(), path.to_owned()),
        };
        let root = match dialect {
            Dialect::Github if host == "github.com" => "https://api.github.com".to_owned(),
            Dialect::Github => format!("{at}/api/v3"),
            Dialect::Gitea => format!("{at}{under}/api/v1"),
            Dialect::Gitlab => format!("{at}/api/v4"),
        };
        let place = format!("{authority}/{}", parts.join("/")).to_ascii_lowercase().replace(':', "_");
        Ok(Self { dialect, page: address.to_owned(), root, path, place })
    }

    /// Returns the repository as facts name it: `github.com/owner/name`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns its owner and name, as the forge writes them in answers.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the address of the repository in the forge's interface.
    #[must_use]
    pub fn api(&self) -> String {
        match self.dialect {
            Dialect::Github | Dialect::Gitea => format!("{}/repos/{}", self.root, self.path),
            Dialect::Gitlab => format!("{}/projects/{}", self.root, self.path.replace('/', "%2F")),
        }
    }
}

/// A repository that can be called.
#[derive(Clone)]
pub struct Forge {
    /// The repository.
    pub site: Site,
    token: Option<String>,
    http: Http,
}

impl fmt::Debug for Forge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Forge").field("site", &self.site).finish_non_exhaustive()
    }
}

impl Forge {
    /// Makes a caller of a repository, with a token where the forge asks for one.
    ///
    /// # Errors
    /// The token cannot be one.
    pub fn new(site: Site, token: Option<&str>, reach: Reach) -> Result<Self, NoForge> {
        let token = token.map(str::trim).filter(|token| !token.is_empty());
        if let Some(token) = token {
            checked_token(token)?;
        }
        Ok(Self { site, token: token.map(str::to_owned), http: Http::new(reach) })
    }

    /// Calls an address under that of the repository, such as `/issues/7`.
    ///
    /// # Errors
    /// As [`NoAnswer`].
    pub fn call(&self, verb: Verb, under: &str, body: Option<&serde_json::Value>) -> Result<Answer, NoAnswer> {
        let mut headers = vec![("accept", self.accept())];
        let bearer = self.token.as_deref().map(|token| match self.site.dialect {
            Dialect::Github => ("authorization", format!("Bearer {token}")),
            Dialect::Gitea => ("authorization", format!("token {token}")),
            Dialect::Gitlab => ("private-token", token.to_owned()),
        });
        headers.extend(bearer.as_ref().map(|(name, value)| (*name, value.as_str())));
        if self.site.dialect == Dialect::Github {
            headers.push(("x-github-api-version", "2022-11-28"));
        }
        let body = body.map(|body| body.to_string().into_bytes());
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.http.call(verb, &format!("{}{under}", self.site.api()), &headers, body.as_deref())
    }

    const fn accept(&self) -> &'static str {
        match self.site.dialect {
            Dialect::Github => "application/vnd.github+json",
            Dialect::Gitea | Dialect::Gitlab => "application/json",
        }
    }
}

/// Returns the number of an item that is an issue of the repository `place`: its id is the number, where the item's own repository is
/// `home` or unknown, or has the repository before it.
#[must_use]
pub fn place_of_item(id: &str, home: Option<&str>, place: &str) -> Option<u64> {
    match id.rsplit_once('#') {
        Some((before, number)) if before == place => number.parse().ok(),
        Some(_) => None,
        None => id.parse().ok().filter(|_| home.is_none_or(|home| home == place)),
    }
}

/// Checks that a text can be a forge's token: it goes into the head of each call.
pub(crate) fn checked_token(token: &str) -> Result<(), NoForge> {
    match token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(()),
        false => {
            Err(NoForge("a token is one word of letters, digits and signs: copy it from the forge anew".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests;
