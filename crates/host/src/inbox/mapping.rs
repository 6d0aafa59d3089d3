//! Mappings by hand, kept by the first line of the file for which somebody made them: the next file with that first line is read so
//! at every door. A mapping decides nothing: the rows that it gives are checked like any others.

use bridges::{Layout, Mapping};

use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// Where they are kept beside the log.
const MAPPINGS: &str = "mapping";
/// The most that are kept: a co-op has some tables, and each of them a few first lines.
const MOST_MAPPINGS: usize = 1_000;

impl Snapshot {
    /// The mapping that was made for files with this first line, if one was.
    ///
    /// # Errors
    /// A fault.
    pub fn mapping(&self, layout: &Layout) -> Result<Option<Mapping>, Error> {
        let json = self.beside.look(|store, coop| Ok(store.get(coop, MAPPINGS, layout.first_line.as_bytes())?))?;
        Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
    }
}

impl Batch<'_> {
    /// Keeps a mapping for files with this first line; a later one takes its place.
    ///
    /// # Errors
    /// Too many that are kept, or a fault.
    pub fn keep_mapping(&mut self, layout: &Layout, mapping: &Mapping) -> Result<(), Error> {
        let (coop, mut kept) = (&mut *self.coop, 0);
        let is_new = coop.store.get(&coop.now.id, MAPPINGS, layout.first_line.as_bytes())?.is_none();
        coop.store.scan(&coop.now.id, MAPPINGS, &mut |_, _| {
            kept += 1;
            std::ops::ControlFlow::Continue(())
        })?;
        if is_new && kept >= MOST_MAPPINGS {
            return Err(Error::Usage(format!("{MOST_MAPPINGS} mappings are kept, and that is the most")));
        }
        let json = serde_json::to_vec(mapping).map_err(|error| Error::Usage(error.to_string()))?;
        self.put(MAPPINGS, layout.first_line.as_bytes(), &json)
    }
}
