//! Reading a forge, a page at a time: issues, changes, who reviewed them, commits, the newest release. It keeps no cursor and waits for
//! nothing.

use quantity::Moment;
use serde_json::Value;

use super::record::{Account, Change, Commit, Issue, moment};
use super::{Answer, Dialect, Forge, NoAnswer, Verb};
use crate::text::cleaned;

/// The most records of one page.
pub const MOST_ON_PAGE: usize = 100;
/// Forgejo gives no more on a page.
const GITEA_PAGE: usize = 50;
/// The most people who are read as reviewers of one change.
const MOST_REVIEWS: usize = 100;
/// The longest name of a release, letters.
const LONGEST_RELEASE: usize = 60;

/// Why a forge could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// It gave no answer.
    #[error("{0}")]
    NoAnswer(#[from] NoAnswer),
    /// The token is not good, or not good for this.
    #[error("the forge refuses the token ({0}): make a new one there that may read the repository, and enter it here")]
    Token(u16),
    /// There is no such repository, or not for this token.
    #[error("the forge knows no such repository, or shows it to nobody without a token that may read it")]
    NoRepository,
    /// It is at another address now.
    #[error("the repository has moved{}: enter its new address", .0.as_ref().map(|to| format!(" to `{to}`")).unwrap_or_default())]
    Moved(Option<String>),
    /// Another status.
    #[error("the forge answers with {0}")]
    Status(u16),
    /// The answer is not what the interface promises.
    #[error("the forge's answer cannot be read: is it {0}?")]
    Unread(&'static str),
}

/// One page of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Those that could be read.
    pub records: Vec<T>,
    /// The fields at fault of the others.
    pub odd: Vec<&'static str>,
    /// There is no further page.
    pub is_last: bool,
}

/// A repository, as its forge describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its owner and name there.
    pub path: String,
    /// Not everybody may read it: what comes from it is shown by this co-op's pages.
    pub is_private: bool,
    /// It has issues.
    pub has_issues: bool,
}

/// The newest release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its name, or its tag.
    pub name: String,
    /// When it was published.
    pub at: Moment,
}

impl Forge {
    /// Asks for the repository itself.
    ///
    /// # Errors
    /// As [`NotRead`].
    pub fn about(&self) -> Result<About, NotRead> {
        let json = self.json("")?;
        let path = ["path_with_namespace", "full_name"].iter().find_map(|name| json.get(name)?.as_str());
        let path = path.ok_or_else(|| self.unread())?.to_owned();
        let private = json.get("private").and_then(Value::as_bool);
        let visible = json.get("visibility").and_then(Value::as_str);
        let has = ["has_issues", "issues_enabled"].iter().find_map(|name| json.get(name)?.as_bool());
        let is_private = private.unwrap_or(false) || visible.is_some_and(|visible| visible != "public");
        Ok(About { path, is_private, has_issues: has.unwrap_or(true) })
    }

    /// Returns issues that changed at `since` or later, whatever their state; the newest first where the forge can.
    ///
    /// # Errors
    /// As [`NotRead`].
    pub fn issues(&self, since: Option<Moment>, page: u32) -> Result<Page<Issue>, NotRead> {
        let since = since.map(|at| at.to_string()).unwrap_or_default();
        let since = |name: &str| if since.is_empty() { String::new() } else { format!("&{name}={}", encoded(&since)) };
        let dialect = self.site.dialect;
        let under = match dialect {
            Dialect::Github => {
                format!("/issues?state=all&sort=updated&direction=desc&per_page=100&page={page}{}", since("since"))
            }
            Dialect::Gitea => format!("/issues?state=all&type=issues&limit=50&page={page}{}", since("since")),
            Dialect::Gitlab => format!(
                "/issues?state=all&scope=all&order_by=updated_at&sort=desc&per_page=100&page={page}{}",
                since("updated_after")
            ),
        };
        let found = self.page(&under, |json| Issue::read(dialect, json))?;
        let records = found.records.into_iter().flatten().collect();
        Ok(Page { records, odd: found.odd, is_last: found.is_last })
    }

    /// Returns issues that are open now.
    ///
    /// # Errors
    /// As [`NotRead`].
    pub fn open_issues(&self, page: u32) -> Result<Page<Issue>, NotRead> {
        let dialect = self.site.dialect;
        let under = match dialect {
            Dialect::Github => format!("/issues?state=open&sort=created&direction=asc&per_page=100&page={page}"),
            Dialect::Gitea => format!("/issues?state=open&type=issues&limit=50&page={page}"),
            Dialect::Gitlab => {
                format!("/issues?state=opened&scope=all&order_by=created_at&sort=asc&per_page=100&page={page}")
            }
        };
        let found = self.page(&under, |json| Issue::read(dialect, json))?;
        Ok(Page { records: found.records.into_iter().flatten().collect(), odd: found.odd, is_last: found.is_last })
    }

    /// Returns one issue; none where the forge has it no more, or no more here.
    ///
    /// # Errors
    /// As [`NotRead`].
    pub fn issue(&self, number: u64) -> Result<Option<Issue>, NotRead> {
        let dialect = self.site.dialect;
        match self.json(&format!("/issues/{number}")) {
            Ok(json) => Issue::read(dialect, &json).map_err(|_| self.unread()),
            // 301: transferred; 404 and 410: removed.
            Err(NotRead::NoRepository | NotRead::Moved(_) | NotRead::Status(410)) => Ok(None),
            Err(why) => Err(why),
        }
    }

    /// Returns changes that are closed, those that changed last first; where the forge cannot leave out older ones than `since`, the
    /// caller stops there.
    ///
    /// # Errors
    /// As [`NotRead`].
    pub fn changes(&self, since: Option<Moment>, page: u32) -> Result<Page<Change>, NotRead> {
        let dialect = self.site.dialect;
        let under = match dialect {
            Dialect::Github => format!("/pulls?state=closed&sort=updated&direction=desc&per_page=100&page={page}"),
            Dialect::Gitea => format!("/pulls?state=closed&sort=recentupdate&limit=50&page={page}"),
            Dialect::Gitlab => {
                let since = since.map(|at| format!("&updated_after={}", encoded(&at.to_string()))).unwrap_or_default();
                format!(
                    "/merge_requests?state=merged&scope=all&order_by=updated_at&sort=desc&per_page=100&page={page}{since}"
                )
            }
        };
        self.page(&under, |json| Change::read(dialect, json))
    }

    /// Returns who reviewed a change before it was merged, each once.
    ///
    /// # Errors
    /// As [`NotRead`].
    pub fn reviewers(&self, change: &Change) -> Result<Vec<Account>, NotRead> {
        let dialect = self.site.dialect;
        let number = change.number;
        let json = match dialect {
            Dialect::Github => self.json(&format!("/pulls/{number}/reviews?per_page=100"))?,
            Dialect::Gitea => self.json(&format!("/pulls/{number}/reviews?limit=50"))?,
            Dialect::Gitlab => self.json(&format!("/merge_requests/{number}/approvals"))?,
        };
        let list = match dialect {
            Dialect::Gitlab => json.get("approved_by").and_then(Value::as_array),
            Dialect::Github | Dialect::Gitea => json.as_array(),
        };
        let mut found: Vec<Account> = Vec::new();
        for review in list.ok_or_else(|| self.unread())?.iter().take(MOST_REVIEWS) {
            let is_done = review
                .get("state")
                .and_then(Value::as_str)
                .is_none_or(|state| !matches!(state, "PENDING" | "REQUEST_REVIEW"));
            // Written after the merge, it changed nothing.
            let in_time =
                moment(review, "submitted_at").ok().zip(change.merged).is_none_or(|(at, merged)| at <= merged);
            let by = review.get("user").and_then(Account::read).filter(|_| is_done && in_time);
            found.extend(by.filter(|by| !found.iter().any(|known| known.login.eq_ignore_ascii_case(&by.login))));
        }
        Ok(found)
    }

    /// Returns commits of the main branch, the newest first.
    ///
    /// # Errors
    /// As [`NotRead`]. A repository without commits has none.
    pub fn commits(&self, since: Option<Moment>, page: u32) -> Result<Page<Commit>, NotRead> {
        let dialect = self.site.dialect;
        let since = since.map(|at| format!("&since={}", encoded(&at.to_string()))).unwrap_or_default();
        let under = match dialect {
            Dialect::Github => format!("/commits?per_page=100&page={page}{since}"),
            Dialect::Gitea => format!("/commits?stat=false&files=false&verification=false&limit=50&page={page}{since}"),
            Dialect::Gitlab => format!("/repository/commits?per_page=100&page={page}{since}"),
        };
        match self.page(&under, |json| Commit::read(dialect, json)) {
            Err(NotRead::Status(409)) => Ok(Page { records: Vec::new(), odd: Vec::new(), is_last: true }),
            found => found,
        }
    }

    /// Returns the newest release, if there is one.
    ///
    /// # Errors
    /// As [`NotRead`].
    pub fn release(&self) -> Result<Option<Release>, NotRead> {
        let json = match self.site.dialect {
            Dialect::Github | Dialect::Gitlab => self.json("/releases?per_page=1")?,
            Dialect::Gitea => self.json("/releases?limit=1&draft=false")?,
        };
        let Some(newest) = json.as_array().ok_or_else(|| self.unread())?.first() else { return Ok(None) };
        let name =
            ["name", "tag_name"].iter().filter_map(|name| newest.get(name)?.as_str()).find(|name| !name.is_empty());
        let at = ["published_at", "released_at", "created_at"].iter().find_map(|name| moment(newest, name).ok());
        let release = |name: &str, at| Release { name: cleaned(name, LONGEST_RELEASE), at };
        Ok(name.zip(at).map(|(name, at)| release(name, at)))
    }

    fn page<T>(&self, under: &str, read: impl Fn(&Value) -> Result<T, &'static str>) -> Result<Page<T>, NotRead> {
        let json = self.json(under)?;
        let list = json.as_array().ok_or_else(|| self.unread())?;
        let full = match self.site.dialect {
            Dialect::Gitea => GITEA_PAGE,
            Dialect::Github | Dialect::Gitlab => MOST_ON_PAGE,
        };
        let mut page = Page { records: Vec::new(), odd: Vec::new(), is_last: list.len() < full };
        for json in list.iter().take(MOST_ON_PAGE) {
            match read(json) {
                Ok(record) => page.records.push(record),
                Err(field) => page.odd.push(field),
            }
        }
        Ok(page)
    }

    fn json(&self, under: &str) -> Result<Value, NotRead> {
        let Answer { status, body, location, .. } = self.call(Verb::Get, under, None)?;
        match status {
            200 => serde_json::from_slice(&body).map_err(|_| self.unread()),
            301 | 302 | 307 | 308 => Err(NotRead::Moved(location.map(|to| cleaned(&to, 200)))),
            401 | 403 => Err(NotRead::Token(status)),
            404 => Err(NotRead::NoRepository),
            _ => Err(NotRead::Status(status)),
        }
    }

    const fn unread(&self) -> NotRead {
        NotRead::Unread(self.site.dialect.title())
    }
}

/// A text as a part of an address.
pub(super) fn encoded(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
