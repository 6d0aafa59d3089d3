//! From what somebody handed in to the inbox, for pages and the API alike; and from its answers to what they are told: each line at
//! fault is a problem of its own.

use bridges::{Kind, Mapping, Refused};
use host::Error;
use host::inbox::{self, Door, Handed, Import, LogTime, Named, Newcomers, NotOpened, NotTaken, Report, open_handed};
use views::Problem;

use super::who::Recorder;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// How something is handed in.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) door: Door,
    /// Its kind; recognised without one.
    pub(crate) kind: Option<Kind>,
    /// Which column is which, where somebody said so just now.
    pub(crate) mapping: Option<Mapping>,
    /// Whether people whom nobody knows may be named.
    pub(crate) new_members: bool,
    pub(crate) share: Share,
    /// How many days later the next file of the same source is expected, where somebody says so.
    pub(crate) every: Option<u32>,
}

/// Whether an import has a report of its own, or that of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    OfItsOwn,
    OfTheDay,
}

/// Opens and checks what was handed in; nothing is recorded.
pub(crate) async fn opened(visitor: &Visitor, handed: Handed, settings: &Settings) -> Result<Named, Trouble> {
    let (kind, mapping) = (settings.kind, settings.mapping.clone());
    let open = move |visitor: &Visitor| {
        visitor.see(|_, coop| open_handed(coop, &handed, kind, mapping.as_ref()).map_err(not_opened))
    };
    match settings.share {
        Share::OfItsOwn => visitor.costly(open).await,
        Share::OfTheDay => visitor.aside(open).await,
    }
}

/// Records what was handed in, all of it or nothing.
pub(crate) async fn bring(visitor: &Visitor, handed: Handed, settings: Settings) -> Result<Report, Trouble> {
    let recorder = visitor.recorder()?;
    let layout = settings.mapping.is_some().then(|| handed.layout()).transpose().map_err(not_opened)?;
    let mut named = opened(visitor, handed, &settings).await?;
    let newcomers = if settings.new_members { Newcomers::Welcome } else { Newcomers::Doubted };
    let time = LogTime::Now(visitor.app.coop.now());
    let Recorder { by, kinds, recording, .. } = recorder;
    let import = Import { door: settings.door, by, time, newcomers, kinds, recording, every: settings.every };
    let write = visitor.write(move |batch| {
        let sources = std::slice::from_mut(&mut named);
        let report = match settings.share {
            Share::OfItsOwn => inbox::bring(batch, sources, &import, &mut || ()),
            Share::OfTheDay => inbox::bring_one(batch, sources, &import),
        };
        let report = report.map_err(not_taken)?;
        if let (Some(layout), Some(mapping)) = (&layout, &settings.mapping) {
            batch.keep_mapping(layout, mapping)?;
        }
        Ok(report)
    });
    write.await
}

pub(crate) fn not_opened(why: NotOpened) -> Trouble {
    match why {
        NotOpened::Unknown(_) => Trouble::bad("kind", why.to_string()),
        NotOpened::Refused(refused) => not_read(refused),
        NotOpened::Failed(Error::Usage(words)) => Trouble::bad("file", words),
        NotOpened::Failed(error) => error.into(),
    }
}

fn not_read(refused: Refused) -> Trouble {
    match refused {
        Refused::Fault { why, .. } => Trouble::bad("file", why),
        Refused::Mistakes { first, more } => {
            let lines = first.iter().map(ToString::to_string);
            problems(lines.chain((more > 0).then(|| words::record::more(more))))
        }
    }
}

fn not_taken(why: NotTaken) -> Trouble {
    match why {
        NotTaken::Record { .. } => problems([why.to_string()]),
        NotTaken::Unclear(lines) => problems(lines),
        NotTaken::Source(refused) => not_read(refused),
        NotTaken::Failed(error) => match *error {
            Error::Usage(words) => Trouble::bad("file", words),
            error => error.into(),
        },
    }
}

fn problems(lines: impl IntoIterator<Item = String>) -> Trouble {
    Trouble::BadInput(lines.into_iter().map(|words| Problem { field: "table".to_owned(), words }).collect())
}
