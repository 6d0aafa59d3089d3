//! The bytes of releases' files: kept beside the log in pieces, bound by the hashes that acts name. An upload that no act has named for an
//! hour is erased, and so are the bytes of what was withdrawn. Source: `docs/spec/releases.md`, *Bytes*.

mod kept;
mod signature;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use engine::act::{Act, ReleaseFile};
use engine::{Context, Outcome, Refusal, Rule};
use quantity::Moment;
use rochdale_log::{DocumentHash, FileDigest};
use serde::{Deserialize, Serialize};
use views::size;

pub use kept::KeptFile;
pub use signature::{FileSignature, ReleaseKey};
pub(crate) use signature::{KEYS as RELEASE_KEYS, SIGNATURES};

use crate::batch::Batch;
use crate::clock;
use crate::error::Error;
use crate::gate::{new_code, records};
use crate::shared::Shared;

/// As many bytes are kept in one record; the last piece of a file has fewer.
pub const PIECE_BYTES: usize = 256 * 1024;
/// The time after which an upload is erased that no act has named, microseconds: an hour.
const WAITS_US: i64 = 3_600_000_000;

/// The most of one file, MiB, unless a setting says otherwise.
const MOST_MIB_OF_FILE: u64 = 64;
/// The most of all files together, MiB, unless a setting says otherwise.
const MOST_MIB_OF_ALL: u64 = 2_048;

pub(crate) const FILES: &str = "file";
pub(crate) const PIECES: &str = "piece";
pub(crate) const UPLOADS: &str = "upload";

/// Media types by the ends of names. Anything else is bytes.
const MEDIA: [(&str, &str); 22] = [
    (".tar.gz", "application/gzip"),
    (".tgz", "application/gzip"),
    (".gz", "application/gzip"),
    (".zip", "application/zip"),
    (".xz", "application/x-xz"),
    (".zst", "application/zstd"),
    (".bz2", "application/x-bzip2"),
    (".tar", "application/x-tar"),
    (".7z", "application/x-7z-compressed"),
    (".deb", "application/vnd.debian.binary-package"),
    (".apk", "application/vnd.android.package-archive"),
    (".pdf", "application/pdf"),
    (".epub", "application/epub+zip"),
    (".json", "application/json"),
    (".txt", "text/plain"),
    (".md", "text/markdown"),
    (".csv", "text/csv"),
    (".html", "text/html"),
    (".htm", "text/html"),
    (".svg", "image/svg+xml"),
    (".js", "text/javascript"),
    (".xml", "application/xml"),
];

/// Returns the media type of a file by its name, whatever its sender calls it.
#[must_use]
pub fn media_of(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    MEDIA.iter().find(|(end, _)| name.ends_with(end)).map_or("application/octet-stream", |(_, media)| media)
}

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// The most bytes of one file.
    pub file: u64,
    /// The most bytes of all files together, uploads too.
    pub all: u64,
}

impl Room {
    /// Unless a setting says otherwise: 64 MiB, and 2 GiB.
    pub const USUAL: Room = Room { file: MOST_MIB_OF_FILE << 20, all: MOST_MIB_OF_ALL << 20 };
}

/// Why bytes are not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// It has more bytes than a file may.
    #[error("a file has {} at most", size(*.most))]
    TooLarge { most: u64 },
    /// All files together would have more than they may.
    #[error("all files together have {} at most, and {} are taken", size(*.most), size(*.taken))]
    NoRoom { most: u64, taken: u64 },
    /// The upload took longer than an hour, and is erased.
    #[error("the upload took too long, and is erased: begin it again")]
    Over,
    /// A fault.
    #[error("{0}")]
    Failed(#[from] Error),
}

/// An upload under way, or one whose file no act has named yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Uploading {
    /// When it began, microseconds since 1970 of the machine's clock.
    pub(crate) at_us: i64,
    pub(crate) pieces: u64,
    pub(crate) bytes: u64,
    /// The file that it has become.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
}

impl Uploading {
    /// Whether no act has named it for an hour. A clock that was put back keeps none of them for long.
    fn is_over(&self, now: Moment) -> bool {
        now.0.saturating_sub(self.at_us).unsigned_abs() >= WAITS_US.unsigned_abs()
    }
}

/// A file whose bytes come one after another. It holds a piece of them at most.
#[derive(Debug)]
pub struct Upload {
    id: String,
    room: Room,
    at: Moment,
    hash: DocumentHash,
    blake2b: FileDigest,
    bytes: u64,
    waiting: Vec<u8>,
}

/// A whole piece of an upload, to be written.
#[derive(Debug)]
pub struct Piece {
    id: String,
    room: Room,
    at: Moment,
    bytes: Vec<u8>,
}

impl Upload {
    /// Begins one. Nothing is written yet.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn new(room: Room, at: Moment) -> Result<Upload, Error> {
        let (hash, blake2b) = (DocumentHash::default(), FileDigest::default());
        Ok(Upload { id: new_code()?, room, at, hash, blake2b, bytes: 0, waiting: Vec::new() })
    }

    /// Takes the next bytes; the pieces that are full are to be written with [`Batch::put_piece`].
    ///
    /// # Errors
    /// The file has more bytes than it may.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Vec<Piece>, NotKept> {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        if self.bytes > self.room.file {
            return Err(NotKept::TooLarge { most: self.room.file });
        }
        self.hash.add(bytes);
        self.blake2b.add(bytes);
        let (mut full, mut rest) = (Vec::new(), bytes);
        while self.waiting.len() + rest.len() >= PIECE_BYTES {
            let (now, later) = rest.split_at(PIECE_BYTES - self.waiting.len());
            self.waiting.extend_from_slice(now);
            full.push(self.piece());
            rest = later;
        }
        self.waiting.extend_from_slice(rest);
        Ok(full)
    }

    fn piece(&mut self) -> Piece {
        Piece { id: self.id.clone(), room: self.room, at: self.at, bytes: std::mem::take(&mut self.waiting) }
    }

    /// Ends it: the last piece, and what [`Batch::end_upload`] needs.
    #[must_use]
    pub fn end(mut self) -> (Option<Piece>, Uploaded) {
        let last = (!self.waiting.is_empty()).then(|| self.piece());
        let blake2b = self.blake2b.end().iter().map(|byte| format!("{byte:02x}")).collect();
        (last, Uploaded { id: self.id, sha256: self.hash.end().to_string(), blake2b, bytes: self.bytes })
    }

    /// Its id, to take it back by with [`Batch::drop_upload`].
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// An upload whose pieces are all written.
#[derive(Clone, Debug)]
pub struct Uploaded {
    id: String,
    pub sha256: String,
    /// The digest that a signature is over, hexadecimal.
    blake2b: String,
    pub bytes: u64,
}

impl Batch<'_> {
    /// Writes a piece of an upload.
    ///
    /// # Errors
    /// All files together have no room for it, the upload was erased, or a fault.
    pub fn put_piece(&mut self, piece: &Piece) -> Result<(), NotKept> {
        let kept = self.upload(&piece.id)?;
        let fresh = Uploading { at_us: piece.at.0, pieces: 0, bytes: 0, sha256: None };
        let mut upload = kept.unwrap_or(fresh);
        let taken = self.bytes_taken()?;
        let most = piece.room.all;
        if taken.saturating_add(piece.bytes.len() as u64) > most {
            return Err(NotKept::NoRoom { most, taken });
        }
        self.put(PIECES, piece_name(&piece.id, upload.pieces).as_bytes(), &piece.bytes)?;
        upload.pieces += 1;
        upload.bytes += piece.bytes.len() as u64;
        Ok(self.put_upload(&piece.id, &upload)?)
    }

    /// Makes a file of an upload. It is erased after an hour unless an act names it.
    ///
    /// # Errors
    /// The upload was erased meanwhile, or a fault.
    pub fn end_upload(&mut self, uploaded: &Uploaded) -> Result<(), NotKept> {
        let kept = self.upload(&uploaded.id)?.filter(|kept| kept.bytes == uploaded.bytes);
        let upload = kept.ok_or(NotKept::Over)?;
        if self.file(&uploaded.sha256)?.is_some() {
            // The same bytes are kept already: this mark holds them until an act names them.
            self.erase_pieces(&uploaded.id, upload.pieces)?;
        } else {
            let (id, blake2b) = (uploaded.id.clone(), Some(uploaded.blake2b.clone()));
            let file = KeptFile { id, pieces: upload.pieces, bytes: upload.bytes, blake2b };
            self.put(FILES, uploaded.sha256.as_bytes(), &json(&file)?)?;
        }
        let mark = Uploading { pieces: 0, bytes: 0, sha256: Some(uploaded.sha256.clone()), ..upload };
        Ok(self.put_upload(&uploaded.id, &mark)?)
    }

    /// Erases an upload that came to nothing, with its file where nothing else holds that.
    ///
    /// # Errors
    /// A fault.
    pub fn drop_upload(&mut self, id: &str) -> Result<(), Error> {
        let Some(upload) = self.upload(id)? else { return Ok(()) };
        self.erase_pieces(id, upload.pieces)?;
        self.delete(UPLOADS, id.as_bytes())?;
        if upload.sha256.is_some() { self.erase_nobody_s() } else { Ok(()) }
    }

    /// Erases uploads that no act has named for an hour; how many.
    ///
    /// # Errors
    /// A fault.
    pub fn sweep_uploads(&mut self, now: Moment) -> Result<usize, Error> {
        let all = self.uploads()?;
        let over: Vec<String> = all.into_iter().filter(|(_, upload)| upload.is_over(now)).map(|(id, _)| id).collect();
        over.iter().try_for_each(|id| self.drop_upload(id))?;
        Ok(over.len())
    }

    /// Keeps a file that is small enough to be held, as an upload would.
    ///
    /// # Errors
    /// It is too large, there is no room, or a fault.
    pub fn keep_file(&mut self, bytes: &[u8], room: Room, now: Moment) -> Result<Uploaded, NotKept> {
        let mut upload = Upload::new(room, now)?;
        for piece in upload.take(bytes)? {
            self.put_piece(&piece)?;
        }
        let (last, uploaded) = upload.end();
        last.iter().try_for_each(|piece| self.put_piece(piece))?;
        self.end_upload(&uploaded)?;
        Ok(uploaded)
    }

    /// Refuses an act whose files are not kept. The engine's own refusals come first: their numbers are lower.
    pub(crate) fn are_kept(&mut self, act: &Act, context: &Context) -> Result<(), Error> {
        let mut missing = None;
        for file in act.files() {
            if self.file(&file.sha256)?.is_none_or(|kept| kept.bytes != file.bytes) {
                missing = Some(file);
                break;
            }
        }
        let Some(ReleaseFile { name, .. }) = missing else { return Ok(()) };
        let entry = self.coop.now.head.seq + 1;
        engine::apply(&mut self.coop.now.state.clone(), act, context).map_err(|why| Error::not_done(entry, why))?;
        let why = format!("the bytes of `{}` are not here, or others are", name.escape_default());
        Err(Refusal::new(Rule::BytesMissing, why, "upload its files with it: `rochdale release publish`").into())
    }

    /// After an act: uploads that it names wait no longer, and bytes that are nobody's any more are erased.
    pub(crate) fn tend_files(&mut self, act: &Act, outcomes: &[Outcome]) -> Result<(), Error> {
        if !act.files().is_empty() {
            let named: BTreeSet<String> = act.files().iter().map(|file| file.sha256.clone()).collect();
            for (id, upload) in self.uploads()? {
                if upload.sha256.is_some_and(|sha256| named.contains(&sha256)) {
                    self.delete(UPLOADS, id.as_bytes())?;
                }
            }
        }
        self.tend_signatures(outcomes)?;
        self.erase_unnamed(outcomes)
    }

    /// Erases the bytes of what was withdrawn, or proposed in vain.
    pub(crate) fn erase_unnamed(&mut self, outcomes: &[Outcome]) -> Result<(), Error> {
        let ends = |outcome: &Outcome| match outcome {
            Outcome::ReleaseWithdrawn { .. } => true,
            Outcome::ActLapsed(what) | Outcome::ActTakenBack(what) => what.kind == "publish_release",
            _ => false,
        };
        if outcomes.iter().any(ends) { self.erase_nobody_s() } else { Ok(()) }
    }

    /// Erases every file that neither an act nor an upload holds.
    fn erase_nobody_s(&mut self) -> Result<(), Error> {
        let mut held: BTreeSet<String> = self.state().files_named().into_iter().map(str::to_owned).collect();
        held.extend(self.uploads()?.into_iter().filter_map(|(_, upload)| upload.sha256));
        let coop = &mut *self.coop;
        let files: Vec<(String, KeptFile)> = records(&mut *coop.store, &coop.now.id, FILES)?;
        for (sha256, file) in files.into_iter().filter(|(sha256, _)| !held.contains(sha256)) {
            self.erase_pieces(&file.id, file.pieces)?;
            self.delete(FILES, sha256.as_bytes())?;
        }
        Ok(())
    }

    fn erase_pieces(&mut self, id: &str, pieces: u64) -> Result<(), Error> {
        (0..pieces).try_for_each(|place| self.delete(PIECES, piece_name(id, place).as_bytes()))
    }

    /// How many bytes files and uploads have together.
    fn bytes_taken(&mut self) -> Result<u64, Error> {
        let uploads: u64 = self.uploads()?.iter().map(|(_, upload)| upload.bytes).sum();
        let coop = &mut *self.coop;
        let files: Vec<(String, KeptFile)> = records(&mut *coop.store, &coop.now.id, FILES)?;
        Ok(files.iter().fold(uploads, |sum, (_, file)| sum.saturating_add(file.bytes)))
    }

    fn uploads(&mut self) -> Result<Vec<(String, Uploading)>, Error> {
        let coop = &mut *self.coop;
        records(&mut *coop.store, &coop.now.id, UPLOADS)
    }

    fn upload(&mut self, id: &str) -> Result<Option<Uploading>, Error> {
        let coop = &mut *self.coop;
        crate::gate::record(&mut *coop.store, &coop.now.id, UPLOADS, id)
    }

    fn file(&mut self, sha256: &str) -> Result<Option<KeptFile>, Error> {
        let coop = &mut *self.coop;
        crate::gate::record(&mut *coop.store, &coop.now.id, FILES, sha256)
    }

    fn put_upload(&mut self, id: &str, upload: &Uploading) -> Result<(), Error> {
        self.put(UPLOADS, id.as_bytes(), &json(upload)?)
    }
}

/// Looks from time to time whether an upload is to be swept.
#[derive(Debug, Default)]
pub struct Sweep(Mutex<Option<Moment>>);

/// How often it looks, microseconds.
const LOOKS_US: u64 = 60_000_000;

impl Sweep {
    /// Sweeps where it is time, and something is over. May wait for the disk; a fault is for the next time.
    pub fn look(&self, coop: &Shared) {
        let now = clock::now();
        {
            let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|last| now.0.abs_diff(last.0) < LOOKS_US) {
                return;
            }
            *last = Some(now);
        }
        let uploads = coop.read().beside.look(|store, coop| records::<Uploading>(store, coop, UPLOADS));
        if uploads.is_ok_and(|uploads| uploads.iter().any(|(_, upload)| upload.is_over(now))) {
            let _ = coop.write(move |batch| batch.sweep_uploads(now));
        }
    }
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| Error::Usage(error.to_string()))
}

/// The name of a piece of an upload: they sort in their order.
pub(crate) fn piece_name(id: &str, place: u64) -> String {
    format!("{id}/{place:08}")
}
