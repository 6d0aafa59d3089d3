//! A version comes out, or its files are taken away. Whether their bytes are kept, the host looks before it hands the act in.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{MOST_VERSIONS, Release};
use crate::act::{PublishRelease, ReleaseFile, WithdrawRelease};
use crate::context::Context;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// The longest name of a version or a file, characters.
const LONGEST_NAME: usize = 100;
/// The most files of one release.
const MOST_FILES: usize = 20;
/// The most bytes of one file, whatever a server's own limit is: a tebibyte.
const MOST_BYTES_OF_FILE: u64 = 1 << 40;
/// The longest name of a media type, bytes.
const LONGEST_MEDIA: usize = 100;
/// Media types that browsers carry out, or show as pages of the server that they came from.
const ACTIVE: [&str; 9] = [
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/xml",
    "application/xml",
    "text/javascript",
    "application/javascript",
    "text/css",
    "text/xsl",
];

/// Whether a version or a file may be called so: it stands in addresses, on disks and in commands as it is.
#[must_use]
pub fn is_file_name(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-+~".contains(letter);
    (1..=LONGEST_NAME).contains(&name.len()) && !name.starts_with(['.', '-']) && name.chars().all(plain)
}

/// A version comes out.
pub(crate) fn publish(state: &mut State, act: &PublishRelease, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    if !is_file_name(&act.version) {
        return Err(Refusal::new(
            Rule::NameNotAllowed,
            format!("`{}` cannot be a version's name", act.version.escape_default()),
            NAMES,
        ));
    }
    if state.releases.count(&act.release) >= MOST_VERSIONS {
        let why = format!("{MOST_VERSIONS} versions of `{}` came out", act.release);
        return Err(Refusal::new(Rule::TooMany, why, "put a release clause of another name into the constitution"));
    }
    is_release(state, &act.release)?;
    if state.releases.get(&act.release, &act.version).is_some() {
        let why = format!("a version `{}` of `{}` came out before", act.version, act.release);
        return Err(Refusal::new(Rule::VersionTaken, why, "what came out never changes: give it another name"));
    }
    act.files.iter().try_for_each(file_allowed)?;
    files_in_range(&act.files)?;
    let files = Arc::new(act.files.clone());
    let release = Release { files, at: context.time, open: None, withdrawn: None };
    state.releases.add(&act.release, &act.version, release);
    let files = u32::try_from(act.files.len()).unwrap_or(u32::MAX);
    Ok(vec![Outcome::ReleasePublished { release: act.release.clone(), version: act.version.clone(), files }])
}

const NAMES: &str = "write 1 to 100 of the letters a to z and A to Z, digits, `.`, `_`, `-`, `+` and `~`, not beginning with `.` or `-`";

fn is_release(state: &State, path: &str) -> Result<(), Refusal> {
    if state.release_clause(path).is_some() {
        return Ok(());
    }
    let there = state.release_clauses();
    let instead = match there.as_slice() {
        [] => {
            "put one into the constitution: `release \"binaries\" { patrons-until \"400 USD per month\" }`".to_owned()
        }
        there => format!(
            "there are {}",
            there.iter().take(10).map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    let why = format!("the rules have no release `{}`", path.escape_default());
    Err(Refusal::new(Rule::NotARelease, why, instead))
}

/// Refuses a file that could not be named, kept or handed out safely.
fn file_allowed(file: &ReleaseFile) -> Result<(), Refusal> {
    let name = file.name.escape_default();
    let no = |why: String, instead: &str| Err(Refusal::new(Rule::FileNotAllowed, why, instead));
    if !is_file_name(&file.name) {
        return no(format!("`{name}` cannot be a file's name"), NAMES);
    }
    if file.bytes == 0 || file.bytes > MOST_BYTES_OF_FILE {
        return no(format!("`{name}` has {} bytes", file.bytes), "a file has 1 byte to a tebibyte");
    }
    let is_hex = |letter: char| matches!(letter, '0'..='9' | 'a'..='f');
    if file.sha256.len() != 64 || !file.sha256.chars().all(is_hex) {
        return no(format!("`{name}` has no SHA-256"), "give 64 hexadecimal digits in lower case");
    }
    let token = |part: &str| {
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "!#$&-^_.+".contains(letter);
        !part.is_empty() && part.chars().all(plain)
    };
    let is_media = file.media.len() <= LONGEST_MEDIA
        && file.media.split_once('/').is_some_and(|(kind, name)| token(kind) && token(name));
    if !is_media {
        return no(format!("`{}` is no media type", file.media.escape_default()), "write it as in `application/zip`");
    }
    if ACTIVE.contains(&file.media.as_str()) {
        return no(format!("`{name}` is `{}`, which browsers carry out", file.media), "put it into an archive");
    }
    Ok(())
}

/// Refuses none, too many, and two of one name, which some disks keep as one.
fn files_in_range(files: &[ReleaseFile]) -> Result<(), Refusal> {
    let names: BTreeSet<String> = files.iter().map(|file| file.name.to_ascii_lowercase()).collect();
    if !(1..=MOST_FILES).contains(&files.len()) {
        let why = format!("it has {} files", files.len());
        return Err(Refusal::new(Rule::FilesOutOfRange, why, format!("a release has 1 to {MOST_FILES}")));
    }
    if names.len() < files.len() {
        let why = "two of its files have one name";
        return Err(Refusal::new(
            Rule::FilesOutOfRange,
            why,
            "give each a name of its own, in small and large letters",
        ));
    }
    Ok(())
}

/// The files of a release are taken away.
pub(crate) fn withdraw(state: &mut State, act: &WithdrawRelease, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let Some(release) = state.releases.get(&act.release, &act.version) else {
        let (clause, version) = (act.release.escape_default(), act.version.escape_default());
        let why = format!("no version `{version}` of `{clause}` came out");
        return Err(Refusal::new(Rule::UnknownVersion, why, "see the releases for what did"));
    };
    if let Some(at) = release.withdrawn {
        let why = format!("it was withdrawn at {}", state.rules.kernel.zone.written(at));
        return Err(Refusal::new(Rule::WithdrawnAlready, why, "nothing needs to be done"));
    }
    state.releases.change(&act.release, &act.version, |release| release.withdrawn = Some(context.time));
    Ok(vec![Outcome::ReleaseWithdrawn { release: act.release.clone(), version: act.version.clone() }])
}
