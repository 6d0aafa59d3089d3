//! An entry of the log and its one byte form: a line of JSON with a fixed order of fields.
//!
//! INVARIANT: the bytes that `encode` wrote are what is stored, hashed and published; nothing writes them a second time.
//! `encode` would write each entry that `decode` accepts again, byte by byte.

use std::borrow::Cow;

use crate::{
    body::{BadBody, Body, read_object},
    canonical::{BadForm, Reader, check_body, write_integer, write_string},
    hash::Hash,
    signed::Signed,
};

/// The longest entry, so that its length fits in the two bytes that `tlog-tiles` gives an entry.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// The version of an entry's form, and how an entry of the second one ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form<'a> {
    /// Version 1, which knows no signatures.
    One,
    /// Version 2: signed by a member's device, or not.
    Two(Option<&'a Signed>),
}

/// Everything of an entry but its body and commitments, as the writer knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryHead<'a> {
    /// The id of the co-op whose log this is.
    pub coop: &'a str,
    /// The place in the log; the first entry is 1.
    pub seq: u64,
    /// The hash of the entry before; zeros for the first.
    pub prev: Hash,
    /// The log's time in microseconds since 1970-01-01T00:00:00Z; never less than that of the entry before.
    pub time_us: i64,
    /// The kind of act, such as `cast_ballot`.
    pub kind: &'a str,
    /// The hash of the rules in force.
    pub rules: Hash,
    /// The member's pseudonym, or who else acted, such as `operator`.
    pub actor: &'a str,
    /// The right by which they acted.
    pub authority: &'a str,
    /// A value that the client chose, so that no two members can be given one receipt.
    pub nonce: &'a str,
    /// The idempotency key: the log holds each key at most once. Empty for none.
    pub key: &'a str,
}

/// An entry as read from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    pub coop: Cow<'a, str>,
    pub seq: u64,
    pub prev: Hash,
    pub time_us: i64,
    pub kind: Cow<'a, str>,
    pub rules: Hash,
    pub actor: Cow<'a, str>,
    pub authority: Cow<'a, str>,
    pub nonce: Cow<'a, str>,
    pub key: Cow<'a, str>,
    /// One canonical JSON object.
    pub body: &'a [u8],
    /// The commitments to values kept outside the log, by ascending name.
    pub commitments: Vec<(Cow<'a, str>, Hash)>,
    /// `None` for version 1; `Some` for version 2, with the signature or without one.
    pub signed: Option<Option<Signed>>,
}

/// An entry that would be longer than [`MAX_ENTRY_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an entry of {bytes} bytes is longer than the {MAX_ENTRY_BYTES} that an entry may have")]
pub struct TooLong {
    pub bytes: usize,
}

/// Bytes that are not an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEntry {
    #[error(transparent)]
    TooLong(#[from] TooLong),
    #[error(transparent)]
    Form(#[from] BadForm),
}

/// Appends the entry to `out`: one line of canonical JSON, without a line end. Leaves `out` as it was if that is too long.
///
/// `body` is one canonical JSON object (see [`crate::check_body`]); the names of `commitments` differ from
/// each other and are written in ascending order. The caller ensures both. Only debug builds check them, because
/// every act of an import passes here.
pub fn encode(
    head: &EntryHead<'_>,
    body: &[u8],
    commitments: &[(&str, Hash)],
    form: Form<'_>,
    out: &mut Vec<u8>,
) -> Result<(), TooLong> {
    debug_assert_eq!(check_body(body), Ok(()), "an entry's body is canonical");
    debug_assert!(head.seq > 0, "the first entry is 1");
    let start = out.len();
    out.reserve(512 + body.len() + commitments.len() * 96);
    out.extend_from_slice(if form == Form::One { b"{\"v\":1" } else { b"{\"v\":2" });
    write_text(b",\"coop\":", head.coop, out);
    write_number(b",\"seq\":", head.seq.into(), out);
    write_hash(b",\"prev\":\"", &head.prev, out);
    write_number(b",\"time_us\":", head.time_us.into(), out);
    write_text(b",\"kind\":", head.kind, out);
    write_hash(b",\"rules\":\"", &head.rules, out);
    write_text(b",\"actor\":", head.actor, out);
    write_text(b",\"authority\":", head.authority, out);
    write_text(b",\"nonce\":", head.nonce, out);
    write_text(b",\"key\":", head.key, out);
    out.extend_from_slice(b",\"body\":");
    out.extend_from_slice(body);
    write_commitments(commitments, out);
    match form {
        Form::One => {}
        Form::Two(None) => out.extend_from_slice(b",\"signed\":null"),
        Form::Two(Some(signed)) => {
            out.extend_from_slice(b",\"signed\":");
            signed.write(out);
        }
    }
    out.push(b'}');
    let bytes = out.len() - start;
    if bytes > MAX_ENTRY_BYTES {
        out.truncate(start);
        return Err(TooLong { bytes });
    }
    Ok(())
}

/// Reads an entry, and refuses whatever `encode` would not have written.
pub fn decode(bytes: &[u8]) -> Result<Entry<'_>, BadEntry> {
    read_entry(bytes, |_, reader| reader.object()).map(|(entry, ())| entry)
}

/// Reads an entry as [`decode`] does and its body on the way: `read` gets the kind and the body's deserializer. The inner error
/// is that of `read`, on an entry that is in the right form.
pub fn decode_into<'a, T>(
    bytes: &'a [u8],
    read: impl FnOnce(&str, Body<'_, 'a>) -> Result<T, BadBody>,
) -> Result<(Entry<'a>, Result<T, BadBody>), BadEntry> {
    read_entry(bytes, |kind, reader| read_object(reader, |body| read(kind, body)))
}

fn read_entry<'a, T>(
    bytes: &'a [u8],
    read: impl FnOnce(&str, &mut Reader<'a>) -> Result<T, BadForm>,
) -> Result<(Entry<'a>, T), BadEntry> {
    if bytes.len() > MAX_ENTRY_BYTES {
        return Err(TooLong { bytes: bytes.len() }.into());
    }
    let mut reader = Reader::new(bytes)?;
    reader.expect("{\"v\":", "an entry begins with `{\"v\":`")?;
    let version = match reader.peek() {
        Some(b'2') => 2,
        _ => 1,
    };
    reader.expect(if version == 1 { "1," } else { "2," }, "this program knows versions 1 and 2 of the format only")?;
    let mut entry = Entry {
        coop: read_text(&mut reader, "\"coop\":", "`coop` was expected")?,
        seq: read_seq(&mut reader)?,
        prev: read_hash(&mut reader, ",\"prev\":\"", "`prev` was expected")?,
        time_us: read_time(&mut reader)?,
        kind: read_text(&mut reader, ",\"kind\":", "`kind` was expected")?,
        rules: read_hash(&mut reader, ",\"rules\":\"", "`rules` was expected")?,
        actor: read_text(&mut reader, ",\"actor\":", "`actor` was expected")?,
        authority: read_text(&mut reader, ",\"authority\":", "`authority` was expected")?,
        nonce: read_text(&mut reader, ",\"nonce\":", "`nonce` was expected")?,
        key: read_text(&mut reader, ",\"key\":", "`key` was expected")?,
        body: &[],
        commitments: Vec::new(),
        signed: None,
    };
    reader.expect(",\"body\":", "`body` was expected")?;
    let start = reader.at();
    let read = read(&entry.kind, &mut reader)?;
    entry.body = reader.since(start).as_bytes();
    entry.commitments = read_commitments(&mut reader)?;
    if version == 2 {
        reader.expect(",\"signed\":", "`signed` was expected")?;
        entry.signed = Some(Signed::read(&mut reader)?);
    }
    reader.expect("}", "the end of the entry was expected")?;
    reader.end()?;
    Ok((entry, read))
}

impl Entry<'_> {
    /// Returns the fields that [`encode`] takes.
    pub fn head(&self) -> EntryHead<'_> {
        EntryHead {
            coop: &self.coop,
            seq: self.seq,
            prev: self.prev,
            time_us: self.time_us,
            kind: &self.kind,
            rules: self.rules,
            actor: &self.actor,
            authority: &self.authority,
            nonce: &self.nonce,
            key: &self.key,
        }
    }

    /// Returns the form that [`encode`] takes.
    pub fn form(&self) -> Form<'_> {
        self.signed.as_ref().map_or(Form::One, |signed| Form::Two(signed.as_ref()))
    }
}

pub(crate) fn write_text(name: &[u8], text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    write_string(text, out);
}

pub(crate) fn write_number(name: &[u8], value: i128, out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    write_integer(value, out);
}

/// `name` ends with the opening quote.
pub(crate) fn write_hash(name: &[u8], hash: &Hash, out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    out.extend_from_slice(&hash.to_hex());
    out.push(b'"');
}

pub(crate) fn write_commitments(commitments: &[(&str, Hash)], out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"commitments\":{");
    let mut sorted = Cow::Borrowed(commitments);
    if !commitments.is_sorted_by(|a, b| a.0 < b.0) {
        sorted.to_mut().sort_unstable();
        debug_assert!(sorted.is_sorted_by(|a, b| a.0 < b.0), "a commitment's name occurs once");
    }
    for (index, (name, hash)) in sorted.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(name, out);
        write_hash(b":\"", hash, out);
    }
    out.push(b'}');
}

fn read_text<'a>(reader: &mut Reader<'a>, name: &'static str, what: &'static str) -> Result<Cow<'a, str>, BadForm> {
    reader.expect(name, what)?;
    reader.string()
}

fn read_hash(reader: &mut Reader<'_>, name: &'static str, what: &'static str) -> Result<Hash, BadForm> {
    reader.expect(name, what)?;
    reader.hash()
}

fn read_seq(reader: &mut Reader<'_>) -> Result<u64, BadForm> {
    reader.expect(",\"seq\":", "`seq` was expected")?;
    let at = reader.at();
    // The limit is that of a signed 64-bit number, because SQL stores have no other.
    match i64::try_from(reader.integer()?).map(u64::try_from) {
        Ok(Ok(seq)) if seq > 0 => Ok(seq),
        _ => Err(BadForm { at, what: "`seq` is a number from 1 to 2^63 - 1" }),
    }
}

fn read_time(reader: &mut Reader<'_>) -> Result<i64, BadForm> {
    reader.expect(",\"time_us\":", "`time_us` was expected")?;
    let at = reader.at();
    i64::try_from(reader.integer()?).map_err(|_| BadForm { at, what: "`time_us` is at most 2^63 - 1" })
}

fn read_commitments<'a>(reader: &mut Reader<'a>) -> Result<Vec<(Cow<'a, str>, Hash)>, BadForm> {
    reader.expect(",\"commitments\":{", "`commitments` was expected")?;
    let mut commitments: Vec<(Cow<'a, str>, Hash)> = Vec::new();
    while reader.peek() != Some(b'}') {
        if !commitments.is_empty() {
            reader.expect(",", "`,` or `}` was expected")?;
        }
        let at = reader.at();
        let name = reader.string()?;
        if commitments.last().is_some_and(|(last, _)| *last >= name) {
            return Err(BadForm { at, what: "commitments occur once each, by ascending name" });
        }
        reader.expect(":\"", "a hash was expected")?;
        commitments.push((name, reader.hash()?));
    }
    reader.expect("}", "`}` was expected")?;
    Ok(commitments)
}

#[cfg(test)]
mod tests;
