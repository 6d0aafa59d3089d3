//! A new co-op: a folder with a kernel, a constitution and an empty log. It is founded by its first entry, so that the
//! rules can still be edited until something happens under them.

use std::fs;
use std::path::Path;

use charter::{Rules, read_constitution, read_kernel};
use rochdale_log::{Head, Sqlite, Store};

use crate::coop::data_file;
use crate::error::Error;

/// The texts of a kernel and a constitution, and what they say.
#[derive(Clone, Debug)]
pub struct Charter {
    /// The kernel's text.
    pub kernel: String,
    /// The constitution's text.
    pub constitution: String,
    /// The rules they state.
    pub rules: Rules,
    /// The log that the new one goes on from, for a co-op made by a fork.
    pub forked_from: Option<engine::act::Pointer>,
}

/// The longest document, bytes: anything longer is no text that members read.
const MAX_DOCUMENT: u64 = 1_048_576;

impl Charter {
    /// Checks two texts.
    ///
    /// # Errors
    /// Every mistake of the kernel; without any, every mistake of the constitution.
    pub fn read(kernel: String, constitution: String) -> Result<Charter, Error> {
        let mistakes = |file: &str| {
            let file = file.to_owned();
            move |mistakes| Error::Rules { file, mistakes }
        };
        let checked = read_kernel(&kernel).map_err(mistakes("kernel.md"))?;
        let clauses =
            read_constitution(&constitution, &checked).map_err(mistakes("constitution.md"))?;
        let rules = Rules::new(checked, clauses);
        Ok(Charter {
            kernel,
            constitution,
            rules,
            forked_from: None,
        })
    }

    /// Reads `kernel.md` and `constitution.md` of a co-op's folder.
    ///
    /// # Errors
    /// A file that cannot be read, or the mistakes in it.
    pub fn of_folder(folder: &Path) -> Result<Charter, Error> {
        let read = |name: &str| {
            let path = folder.join(name);
            let fail = |why| Error::File {
                path: path.display().to_string(),
                why,
            };
            let length = fs::metadata(&path).map_err(fail)?.len();
            if length > MAX_DOCUMENT {
                return Err(Error::Usage(format!(
                    "`{}` is longer than {MAX_DOCUMENT} bytes",
                    path.display()
                )));
            }
            fs::read_to_string(&path).map_err(fail)
        };
        Charter::read(read("kernel.md")?, read("constitution.md")?)
    }
}

/// Makes a co-op in `folder`: its two documents and an empty data file.
///
/// # Errors
/// A folder that already holds a co-op, mistakes in the texts, or the file system's.
pub fn init(folder: &Path, charter: &Charter, demonstration: bool) -> Result<(), Error> {
    let names = ["kernel.md", "constitution.md", "rochdale.db"];
    if let Some(there) = names.iter().find(|name| folder.join(name).exists()) {
        let path = folder.join(there);
        return Err(Error::Usage(format!(
            "`{}` is there already: nothing was changed",
            path.display()
        )));
    }
    let fail = |why| Error::File {
        path: folder.display().to_string(),
        why,
    };
    fs::create_dir_all(folder).map_err(fail)?;
    fs::write(folder.join("kernel.md"), &charter.kernel).map_err(fail)?;
    fs::write(folder.join("constitution.md"), &charter.constitution).map_err(fail)?;
    let mut store = Sqlite::open(data_file(folder))?;
    begin_log(&mut store, demonstration)?;
    Ok(())
}

/// Gives an empty store a co-op with an empty log; its id.
pub(crate) fn begin_log(store: &mut dyn Store, demonstration: bool) -> Result<String, Error> {
    let coop = new_coop_id()?;
    begin_log_of(store, &coop, demonstration)?;
    Ok(coop)
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
) -> Result<(), Error> {
    let empty = Head::default();
    store.begin(coop, &empty)?;
    if demonstration {
        store.put("meta", b"demonstration", b"yes")?;
    }
    store.put(
        "meta",
        b"made-by",
        concat!("rochdale ", env!("CARGO_PKG_VERSION")).as_bytes(),
    )?;
    store.commit(&empty)?;
    Ok(())
}

/// Thirteen characters of 64 random bits.
fn random_text() -> Result<String, Error> {
    let pseudonym = engine::Pseudonym(random_u64()?).to_string();
    Ok(pseudonym.trim_start_matches("m_").to_owned())
}

pub(crate) fn random_u64() -> Result<u64, Error> {
    getrandom::u64()
        .map_err(|why| Error::Usage(format!("this machine gives no random numbers: {why}")))
}

pub(crate) fn random_key() -> Result<[u8; 32], Error> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)
        .map_err(|why| Error::Usage(format!("this machine gives no random numbers: {why}")))?;
    Ok(key)
}
