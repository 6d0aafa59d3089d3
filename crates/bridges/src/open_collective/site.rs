//! A collective's page, and the address of the interface beside it. It calls nothing.

use crate::forge::{NoForge, Reach, checked};

/// The host of Open Collective's own pages.
pub const HOST: &str = "opencollective.com";
/// The longest slug, bytes.
const LONGEST_SLUG: usize = 100;

/// A collective where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collective {
    /// The address of its page, without an end.
    pub page: String,
    /// The address of the interface.
    pub api: String,
    /// Its short name there.
    pub slug: String,
    /// `host/slug` in small letters: the collective as reports name it.
    place: String,
}

impl Collective {
    /// Reads the address of a collective's page, such as `https://opencollective.com/slug`; of a project or an event its last part is
    /// the slug. Nothing is called.
    ///
    /// # Errors
    /// It is none that may be called, or names no collective.
    ///
    /// ```
    /// use bridges::{forge::Reach, open_collective::Collective};
    /// let one = Collective::parse("https://opencollective.com/Our-Coop/", Reach::Public).unwrap();
    /// assert_eq!((one.slug.as_str(), one.place()), ("our-coop", "opencollective.com/our-coop"));
    /// assert_eq!(one.api, "https://api.opencollective.com/graphql/v2");
    /// ```
    pub fn parse(address: &str, reach: Reach) -> Result<Self, NoForge> {
        let address = address.trim().trim_end_matches('/');
        checked(address, reach).map_err(NoForge)?;
        let wrong =
            || NoForge(format!("`{address}` is no collective: write the address of its page, `https://{HOST}/slug`"));
        let (scheme, rest) = address.split_once("://").ok_or_else(wrong)?;
        let (authority, path) = rest.split_once('/').ok_or_else(wrong)?;
        let authority = authority.to_ascii_lowercase();
        let parts: Vec<&str> = path.split('/').collect();
        let slug = match parts[..] {
            [slug] => slug,
            [_, "projects" | "events", child] => child,
            [slug, "transactions" | "contribute" | "projects" | "events" | "updates" | "expenses"] => slug,
            _ => return Err(wrong()),
        };
        let slug = slug.to_ascii_lowercase();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if slug.is_empty() || slug.len() > LONGEST_SLUG || !slug.bytes().all(plain) {
            return Err(wrong());
        }
        let at = format!("{scheme}://{authority}");
        // The site's own interface has a name of its own; elsewhere the pages hand calls on to it.
        let is_own = authority == HOST || authority.strip_prefix("www.") == Some(HOST);
        let api = if is_own { format!("https://api.{HOST}/graphql/v2") } else { format!("{at}/api/graphql/v2") };
        let (at, authority) = if is_own { (format!("https://{HOST}"), HOST.to_owned()) } else { (at, authority) };
        let place = format!("{authority}/{slug}").replace(':', "_");
        Ok(Self { page: format!("{at}/{slug}"), api, slug, place })
    }

    /// Returns the collective as reports name it: `opencollective.com/slug`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_collective_and_nothing_else_does() {
        for (page, slug) in [
            ("https://opencollective.com/our-coop", "our-coop"),
            ("https://www.opencollective.com/Our-Coop/", "our-coop"),
            ("https://opencollective.com/our-coop/transactions", "our-coop"),
            ("https://opencollective.com/our-coop/projects/our-tool", "our-tool"),
        ] {
            let one = Collective::parse(page, Reach::Public).unwrap();
            assert_eq!((one.slug.as_str(), one.page), (slug, format!("https://opencollective.com/{slug}")), "{page}");
            assert_eq!(one.api, "https://api.opencollective.com/graphql/v2");
        }
        let own = Collective::parse("http://127.0.0.1:3000/our-coop", Reach::Loopback).unwrap();
        assert_eq!(
            (own.place(), own.api.as_str()),
            ("127.0.0.1_3000/our-coop", "http://127.0.0.1:3000/api/graphql/v2")
        );
        for bad in [
            "https://opencollective.com",
            "https://opencollective.com/",
            "https://opencollective.com/a/b",
            "https://opencollective.com/a/b/c/d",
            "https://opencollective.com/a?x",
            "https://opencollective.com/a%2fb",
            "http://opencollective.com/a",
            "our-coop",
            "https://10.0.0.7/our-coop",
        ] {
            assert!(Collective::parse(bad, Reach::Public).is_err(), "{bad}");
        }
    }
}
