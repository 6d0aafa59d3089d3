//! The bytes of releases' files, compared with the hashes that acts name; and every piece is of a file or of an upload.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use engine::State;
use rochdale_log::{DocumentHash, Store};

use super::beside::{EachNamed, beside, readable};
use crate::error::Error;
use crate::file::{
    FILES, FileSignature, KeptFile, PIECE_BYTES, PIECES, RELEASE_KEYS, ReleaseKey, SIGNATURES, UPLOADS, Uploading,
    piece_name,
};
use crate::gate::Link;

/// Compares every file with its hash, and with what the state names; how many uploads no act has named yet.
pub(super) fn compare(store: &mut dyn Store, coop: &str, state: &State) -> Result<u64, Error> {
    let mut uploads: BTreeMap<String, Uploading> = BTreeMap::new();
    each(store, coop, UPLOADS, &mut |id, json| {
        uploads.insert(id.to_owned(), readable(UPLOADS, id, json)?);
        Ok(())
    })?;
    let mut files: BTreeMap<String, KeptFile> = BTreeMap::new();
    each(store, coop, FILES, &mut |sha256, json| {
        files.insert(sha256.to_owned(), readable(FILES, sha256, json)?);
        Ok(())
    })?;
    let named = state.files_named();
    if let Some(missing) = named.iter().find(|sha256| !files.contains_key(**sha256)) {
        return Err(beside(format!("the bytes of the file {missing} are missing, and a release has it")));
    }
    let marked: BTreeSet<&str> = uploads.values().filter_map(|upload| upload.sha256.as_deref()).collect();
    let mut pieces: BTreeMap<&str, u64> = BTreeMap::new();
    for (sha256, file) in &files {
        if !named.contains(sha256.as_str()) && !marked.contains(sha256.as_str()) {
            return Err(beside(format!("the file {sha256} is of no release and no upload")));
        }
        is_whole(store, coop, sha256, file)?;
        pieces.insert(&file.id, file.pieces);
    }
    pieces.extend(uploads.iter().filter(|(_, upload)| upload.pieces > 0).map(|(id, upload)| (&**id, upload.pieces)));
    each(store, coop, PIECES, &mut |name, _| {
        let of = name.split_once('/').and_then(|(id, place)| Some((*pieces.get(id)?, place.parse::<u64>().ok()?)));
        match of.filter(|(count, place)| place < count) {
            Some(_) => Ok(()),
            None => Err(beside(format!("the piece `{name}` is of no file"))),
        }
    })?;
    Ok(uploads.len() as u64)
}

fn is_whole(store: &mut dyn Store, coop: &str, sha256: &str, file: &KeptFile) -> Result<(), Error> {
    let (mut hash, mut bytes) = (DocumentHash::default(), 0_u64);
    for place in 0..file.pieces {
        let piece = store.get(coop, PIECES, piece_name(&file.id, place).as_bytes())?.unwrap_or_default();
        let is_last = place + 1 == file.pieces;
        if piece.len() > PIECE_BYTES || (!is_last && piece.len() < PIECE_BYTES) {
            return Err(beside(format!("a piece of the file {sha256} is missing, or has another length")));
        }
        hash.add(&piece);
        bytes += piece.len() as u64;
    }
    if bytes == file.bytes && hash.end().to_string() == sha256 {
        return Ok(());
    }
    Err(beside(format!("the bytes kept of the file {sha256} are others")))
}

/// Links are of members; how many there are.
pub(super) fn links(store: &mut dyn Store, coop: &str, state: &State) -> Result<u64, Error> {
    let mut links = 0;
    each(store, coop, "link", &mut |name, json| {
        if name.starts_with("of:") {
            return readable::<String>("link", name, json).map(|_| ());
        }
        let link: Link = readable("link", name, json)?;
        links += 1;
        match state.members.index(link.member) {
            Some(_) => Ok(()),
            None => Err(beside(format!("the link `{name}` is of {}, who is no member", link.member))),
        }
    })?;
    Ok(links)
}

/// Every signature is of a file of a version that is out, and by a key that is kept.
pub(super) fn signatures(store: &mut dyn Store, coop: &str, state: &State) -> Result<(), Error> {
    let mut keys = BTreeSet::new();
    each(store, coop, RELEASE_KEYS, &mut |name, json| {
        keys.insert(readable::<ReleaseKey>(RELEASE_KEYS, name, json)?.public);
        Ok(())
    })?;
    each(store, coop, SIGNATURES, &mut |name, json| {
        let signed: FileSignature = readable(SIGNATURES, name, json)?;
        let named = name.rsplit_once('/').and_then(|(path, file)| Some((path.rsplit_once('/')?, file)));
        let release = named.and_then(|((clause, version), _)| state.releases.get(clause, version));
        let is_of =
            release.filter(|one| one.withdrawn.is_none()).zip(named).and_then(|(one, (_, file))| one.file(file));
        match is_of {
            None => Err(beside(format!("the signature `{name}` is of no file"))),
            Some(_) if !keys.contains(&signed.public) => {
                Err(beside(format!("the signature `{name}` is by no key that is kept")))
            }
            Some(_) => Ok(()),
        }
    })
}

/// Takes every record of a space, by name and value.
pub(super) fn each(store: &mut dyn Store, coop: &str, space: &str, take: &mut EachNamed<'_>) -> Result<(), Error> {
    let mut taken = Ok(());
    store.scan(coop, space, &mut |name, value| {
        taken = match std::str::from_utf8(name) {
            Ok(name) => take(name, value),
            Err(_) => Err(beside(format!("the space `{space}` has a record whose name is no text"))),
        };
        if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    taken
}
