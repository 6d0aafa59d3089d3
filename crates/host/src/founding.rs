//! A new co-op: a folder with a kernel, a constitution and an empty log. It is founded by its first entry, so that the
//! rules can still be edited until something happens under them.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use charter::{Rules, read_constitution, read_kernel_under};
use engine::Act;
use engine::edition::{self, Edition};
use rochdale_log::{Fault, Head, Sqlite, Store, private};

use crate::codec::read_body;
use crate::coop::data_file;
use crate::error::Error;
use crate::gate::new_code;

/// The texts of a kernel and a constitution, and what they say.
#[derive(Clone, Debug)]
pub struct Charter {
    /// The kernel's text.
    pub kernel: String,
    /// The constitution's text.
    pub constitution: String,
    /// The rules they state.
    pub rules: Rules,
    /// The edition under which they are read, and under which the co-op begins.
    pub edition: Edition,
    /// The log that the new one goes on from, for a co-op made by a fork.
    pub forked_from: Option<engine::act::Pointer>,
}

/// The longest document, bytes: anything longer is no text that members read.
const MAX_DOCUMENT: u64 = 1_048_576;

impl Charter {
    /// Checks two texts in the words of the newest closed edition.
    ///
    /// # Errors
    /// Every mistake of the kernel; without any, every mistake of the constitution.
    pub fn read(kernel: String, constitution: String) -> Result<Charter, Error> {
        Charter::read_under(kernel, constitution, edition::newest_closed())
    }

    /// As [`Charter::read`], in the words of an edition.
    ///
    /// # Errors
    /// As [`Charter::read`].
    pub fn read_under(kernel: String, constitution: String, edition: Edition) -> Result<Charter, Error> {
        let mistakes = |file: &str| {
            let file = file.to_owned();
            move |mistakes| Error::Rules { file, mistakes }
        };
        let checked = read_kernel_under(&kernel, edition).map_err(mistakes("kernel.md"))?;
        let clauses = read_constitution(&constitution, &checked).map_err(mistakes("constitution.md"))?;
        let rules = Rules::new(checked, clauses);
        Ok(Charter { kernel, constitution, rules, edition, forked_from: None })
    }

    /// Reads `kernel.md` and `constitution.md` of a co-op's folder.
    ///
    /// # Errors
    /// A file that cannot be read, or the mistakes in it.
    pub fn of_folder(folder: &Path, edition: Edition) -> Result<Charter, Error> {
        let read = |name: &str| {
            let path = folder.join(name);
            let fail = |why| Error::File { path: path.display().to_string(), why };
            let length = fs::metadata(&path).map_err(fail)?.len();
            if length > MAX_DOCUMENT {
                return Err(Error::Usage(format!("`{}` is longer than {MAX_DOCUMENT} bytes", path.display())));
            }
            fs::read_to_string(&path).map_err(fail)
        };
        Charter::read_under(read("kernel.md")?, read("constitution.md")?, edition)
    }
}

/// The files of a new co-op's folder, in the order in which it gets them: a folder without the last holds no co-op.
const FILES: [&str; 3] = ["kernel.md", "constitution.md", "rochdale.db"];

/// Makes a co-op in `folder`: its two documents and an empty data file, all of them or nothing.
///
/// # Errors
/// A folder that already holds a co-op or a part of one, or the file system's. Then nothing is changed.
pub fn init(folder: &Path, charter: &Charter, demonstration: bool) -> Result<(), Error> {
    if let Some(there) = FILES.iter().find(|name| folder.join(name).exists()) {
        return Err(Error::Usage(there_already(folder, there)));
    }
    whole(folder, &FILES, |made| lay_out(made, charter, demonstration))
}

/// Says so; where only a part of a co-op is there, also what a crash may have left.
fn there_already(folder: &Path, there: &str) -> String {
    let quoted = |name: &str| format!("`{}`", folder.join(name).display());
    let words = format!("{} is there already: nothing was changed", quoted(there));
    if data_file(folder).exists() {
        return words;
    }
    let mut left: Vec<String> = FILES.iter().map(|name| (*name).to_owned()).collect();
    left.retain(|name| folder.join(name).exists());
    left.extend(half_made(folder));
    let left: Vec<String> = left.iter().map(|name| quoted(name)).collect();
    format!(
        "{words}. No `rochdale.db` is there: if an `init` that broke off has left them, remove {} and run it again",
        left.join(", ")
    )
}

/// The folders in which a co-op was being made.
fn half_made(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut half_made: Vec<String> = names.filter(|name| name.starts_with(MAKING)).collect();
    half_made.sort();
    half_made
}

/// The beginning of the name of the folder in which a co-op is made.
const MAKING: &str = ".founding-";

/// Makes a co-op in a folder of its own inside `folder`; then `files` appear under their names, in that order, each whole. A
/// crash before the last, the data file, leaves no co-op.
///
/// # Errors
/// The error of `make`, a file that is there already, or the file system's. Then nothing is left.
pub(crate) fn whole<T>(
    folder: &Path,
    files: &[&str],
    make: impl FnOnce(&Path) -> Result<T, Error>,
) -> Result<T, Error> {
    let fail = |path: &Path| {
        let path = path.display().to_string();
        move |why| Error::File { path, why }
    };
    private::folder(folder).map_err(fail(folder))?;
    let made = folder.join(format!("{MAKING}{}", new_code()?));
    let done = make(&made).and_then(|value| {
        closed(&made)?;
        put(&made, folder, files)?;
        Ok(value)
    });
    let gone = fs::remove_dir_all(&made);
    let value = done?;
    gone.map_err(fail(&made))?;
    // The names in a folder are on the disk only once the folder itself is.
    fs::File::open(folder).and_then(|opened| opened.sync_all()).map_err(fail(folder))?;
    Ok(value)
}

/// Links each file into `folder`, or none. A link and not a renaming: it never takes the place of a file that is there.
fn put(made: &Path, folder: &Path, files: &[&str]) -> Result<(), Error> {
    for (place, name) in files.iter().enumerate() {
        let path = folder.join(name);
        if let Err(why) = fs::hard_link(made.join(name), &path) {
            for name in files.iter().take(place) {
                // The first failure is the one to report.
                drop(fs::remove_file(folder.join(name)));
            }
            return Err(match why.kind() {
                std::io::ErrorKind::AlreadyExists => {
                    Error::Usage(format!("`{}` is there already: nothing was changed", path.display()))
                }
                _ => Error::File { path: path.display().to_string(), why },
            });
        }
    }
    Ok(())
}

/// Entries that the last one to close the data file has not moved into it would stay behind.
fn closed(made: &Path) -> Result<(), Error> {
    let left = format!("{}-wal", data_file(made).display());
    if fs::metadata(&left).is_ok_and(|left| left.len() > 0) {
        return Err(Error::Usage("the new data file could not be closed: nothing was made".to_owned()));
    }
    Ok(())
}

/// The two documents and an empty data file.
pub(crate) fn lay_out(folder: &Path, charter: &Charter, demonstration: bool) -> Result<(), Error> {
    let fail = |why| Error::File { path: folder.display().to_string(), why };
    private::folder(folder).map_err(fail)?;
    for (name, text) in [("kernel.md", &charter.kernel), ("constitution.md", &charter.constitution)] {
        let written = private::new_file(&folder.join(name)).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(fail)?;
    }
    let mut store = Sqlite::open(data_file(folder))?;
    begin_log(&mut store, demonstration, charter.edition)?;
    Ok(())
}

/// Gives an empty store a co-op with an empty log; its id.
pub(crate) fn begin_log(store: &mut dyn Store, demonstration: bool, edition: Edition) -> Result<String, Error> {
    let coop = new_coop_id()?;
    begin_log_of(store, &coop, demonstration, edition)?;
    Ok(coop)
}

/// The edition under which an empty log is to begin.
pub(crate) fn edition_to_begin_under(store: &mut dyn Store, coop: &str) -> Result<Edition, Error> {
    let Some(told) = store.get(coop, "meta", b"edition")? else {
        return Ok(Edition::ONE);
    };
    let number = std::str::from_utf8(&told).ok().and_then(|text| text.parse().ok());
    let edition =
        number.and_then(Edition::numbered).ok_or_else(|| Fault::Damaged("its edition is no number".to_owned()))?;
    match edition::status(edition) {
        Some(_) => Ok(edition),
        None => Err(Error::NewerEdition { entry: 1, edition: edition.number().into() }),
    }
}

/// The edition under which the co-op in `folder` begins, where there is one. Later editions are in its log.
///
/// # Errors
/// A data file that cannot be read, or a later edition than this program knows.
pub fn edition_of_folder(folder: &Path) -> Result<Option<Edition>, Error> {
    let file = data_file(folder);
    if !file.exists() {
        return Ok(None);
    }
    let mut store = Sqlite::open_snapshot(file)?;
    let Some(coop) = store.coops()?.into_iter().next() else {
        return Ok(None);
    };
    let first = store.entry(&coop, 1)?;
    let founding = first.as_deref().and_then(|bytes| rochdale_log::decode(bytes).ok());
    match founding.and_then(|entry| read_body(&entry.kind, entry.body).ok()) {
        Some(Act::Found(act)) => Ok(Some(act.edition)),
        _ => edition_to_begin_under(&mut store, &coop).map(Some),
    }
}

/// An id that no co-op has.
pub(crate) fn new_coop_id() -> Result<String, Error> {
    Ok(format!("c_{}", random_text()?))
}

/// Gives an empty store this co-op with an empty log.
pub(crate) fn begin_log_of(
    store: &mut dyn Store,
    coop: &str,
    demonstration: bool,
    edition: Edition,
) -> Result<(), Error> {
    let empty = Head::default();
    store.begin(coop, &empty)?;
    if demonstration {
        store.put("meta", b"demonstration", b"yes")?;
    }
    if edition != Edition::ONE {
        store.put("meta", b"edition", edition.number().to_string().as_bytes())?;
    }
    store.put("meta", b"made-by", concat!("rochdale ", env!("CARGO_PKG_VERSION")).as_bytes())?;
    store.commit(&empty)?;
    Ok(())
}

/// Thirteen characters of 64 random bits.
fn random_text() -> Result<String, Error> {
    let pseudonym = engine::Pseudonym(random_u64()?).to_string();
    Ok(pseudonym.trim_start_matches("m_").to_owned())
}

pub(crate) fn random_u64() -> Result<u64, Error> {
    getrandom::u64().map_err(|why| Error::Usage(format!("this machine gives no random numbers: {why}")))
}

pub fn random_key() -> Result<[u8; 32], Error> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|why| Error::Usage(format!("this machine gives no random numbers: {why}")))?;
    Ok(key)
}

#[cfg(test)]
mod tests;
