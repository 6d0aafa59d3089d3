//! The family of a browser, in the few words by which its owner knows it again. Nothing else of what it says is kept.

/// Each with the words by which it is known; the first that is found counts.
const FAMILIES: [(&str, &str); 5] =
    [("Firefox/", "Firefox"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// Returns the family and the system, of a list of those that many have.
pub(super) fn family(agent: &str) -> Option<String> {
    let first =
        |list: &[(&str, &'static str)]| list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (first(&FAMILIES), first(&SYSTEMS)) {
        (None, None) => None,
        (family, system) => Some([family, system].into_iter().flatten().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_family_and_system_is_kept() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(family(firefox).as_deref(), Some("Firefox, Linux"));
        let phone = "Mozilla/5.0 (Linux; Android 15; Some Phone) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36";
        assert_eq!(family(phone).as_deref(), Some("Chrome, Android"));
        assert_eq!(family("curl/8.0 <script>"), None);
    }
}
