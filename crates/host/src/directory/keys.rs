//! The keys by which people are known: addresses, handles, names, and ids of another place. It looks nobody up.

use super::{Origin, Person, Profile, fold};

/// Whether a place is a forge, which is known by its host.
pub(super) fn is_forge(place: &str) -> bool {
    place.contains('.')
}

/// The beginning of keys by ids that a place never gives to another account.
fn start_of_id(place: &str) -> String {
    format!("at:{place}:id:")
}

/// A key without the place in it.
pub(super) fn said(key: &str) -> &str {
    let elsewhere = key.strip_prefix("at:").and_then(|rest| rest.split_once(':'));
    elsewhere.map_or(key, |(_, said)| said)
}

/// All keys by which a person may be known. Elsewhere the id of the place is the only one: addresses, where people have them, or else the
/// handle, or else the name.
pub(crate) fn keys(person: &Person) -> Vec<String> {
    if let Origin::Elsewhere(place) = &person.origin {
        // Somebody whom a fork has taken along comes with their keys.
        if place.is_empty() {
            return Vec::new();
        }
        let emails: Vec<String> =
            person.emails.iter().map(|email| format!("at:{place}:email:{}", fold(email))).collect();
        let id = person.id.iter().map(|id| format!("{}{id}", start_of_id(place)));
        return match &person.handle {
            _ if !emails.is_empty() => emails,
            Some(handle) => id.chain([format!("at:{place}:handle:{}", fold(handle))]).collect(),
            None => vec![format!("at:{place}:name:{}", fold(&person.name))],
        };
    }
    let emails = person.emails.iter().map(|email| format!("email:{}", fold(email)));
    let handle = person.handle.iter().map(|handle| format!("handle:{}", fold(handle)));
    emails.chain(handle).chain([name_key(&person.name)]).collect()
}

pub(crate) fn name_key(name: &str) -> String {
    format!("name:{}", fold(name))
}

/// Returns the key that marks a name of more than one member.
pub(crate) fn shared_key(name: &str) -> String {
    format!("shared:{}", fold(name))
}

/// Whether somebody of another place has an id there, and the member whom their handle means has others alone.
pub(super) fn is_another_account(person: &Person, profile: &Profile) -> bool {
    let (Origin::Elsewhere(place), Some(id)) = (&person.origin, &person.id) else { return false };
    let start = start_of_id(place);
    let mut ids = profile.also.iter().filter_map(|key| key.strip_prefix(start.as_str())).peekable();
    ids.peek().is_some() && ids.all(|known| known != id)
}
