//! Sources of records, each with its state, for everybody; and how often a file is expected, said by those who may record. Who is silent
//! and what is held, the engine decides; which file is of which source, the inbox.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use bridges::Kind;
use charter::SupportKind;
use host::Snapshot;
use host::inbox::{FileSource, Right, rhythm};
use quantity::Moment;
use views::{Sight, SourceView};

use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::record::table::kind_words;
use crate::record::who::{Recorder, recorder};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "source/list.html")]
struct SourcesPage {
    frame: Frame,
    rows: Vec<SourceRow>,
    /// Files of which nothing is expected yet, for those who may say it.
    files: Vec<FileRow>,
    may_record: bool,
    problem: Option<String>,
    /// The source and the words of a rhythm that could not be read.
    typed: (String, String),
}

/// A source in the list.
struct SourceRow {
    title: String,
    view: SourceView,
    /// The source of files that it is, where the reader may say something about it.
    file: Option<String>,
    last_file: Option<String>,
}

/// A source of files that has no rhythm.
struct FileRow {
    name: String,
    title: String,
    last_file: String,
    at: views::Moment,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    render(&page(&visitor, asked.done.as_deref())?)
}

/// Says how often a file is expected, or that there is nothing new.
pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let recorder = visitor.recorder()?;
    let name = value(&fields, "source").to_owned();
    let source = visitor.see(|_, coop| coop.file_sources()?.remove(&name).ok_or(Trouble::Absent))?;
    if !may_say(&recorder, &source) {
        return Err(Trouble::OutOfScope);
    }
    let (now, every) = (visitor.app.coop.now(), value(&fields, "every").trim().to_owned());
    let is_heard = value(&fields, "do") == "heard";
    let days = if is_heard { Ok(0) } else { rhythm(&every) };
    let done = match days {
        Err(why) => Err(why),
        Ok(days) => {
            let named = name.clone();
            let write = visitor.write(move |batch| {
                let done = match is_heard {
                    true => batch.hear_nothing_new(&named, now),
                    false => batch.expect_file(&named, days, now),
                };
                done.map_err(|error| match error {
                    host::Error::Usage(words) => Trouble::bad("every", words),
                    error => error.into(),
                })
            });
            match write.await {
                Ok(()) => Ok(()),
                Err(Trouble::BadInput(problems)) => {
                    Err(problems.into_iter().map(|problem| problem.words).collect::<Vec<_>>().join(" "))
                }
                Err(Trouble::Refused(refusal)) => Err(refusal.happened),
                Err(trouble) => return Err(trouble),
            }
        }
    };
    match done {
        Ok(()) => Ok(see(if is_heard { "/sources?done=heard" } else { "/sources?done=expected" })),
        Err(why) => {
            let page = SourcesPage { problem: Some(why), typed: (name, every), ..page(&visitor, None)? };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
        }
    }
}

/// Whether somebody who may record may speak for a source: by an office's power, for its kinds alone.
fn may_say(recorder: &Recorder, source: &FileSource) -> bool {
    let offered = |kind: &String| SupportKind::parse(kind).is_some_and(|kind| recorder.offers.contains(&kind));
    recorder.right != Some(Right::Power) || source.kinds.iter().all(offered)
}

fn page(visitor: &Visitor, done: Option<&str>) -> Result<SourcesPage, Trouble> {
    visitor.see(|sight, coop| {
        let recorder = visitor.me.and_then(|_| recorder(visitor, sight, coop).ok());
        let files = coop.file_sources()?;
        let mine: BTreeSet<&String> = files
            .iter()
            .filter(|(_, source)| recorder.as_ref().is_some_and(|recorder| may_say(recorder, source)))
            .map(|(name, _)| name)
            .collect();
        let rows = rows(sight, coop, &files, &mine)?;
        let unexpected = files.iter().filter(|(name, source)| source.every_days.is_none() && mine.contains(name));
        let unexpected = unexpected.map(|(name, source)| FileRow {
            name: name.clone(),
            title: title(name),
            last_file: source.file.clone(),
            at: sight.moment(Moment(source.last_us)),
        });
        Ok(SourcesPage {
            frame: visitor.frame(sight, "", "/sources", done),
            rows,
            files: unexpected.collect(),
            may_record: recorder.is_some(),
            problem: None,
            typed: <(String, String)>::default(),
        })
    })
}

fn rows(
    sight: &Sight<'_>,
    coop: &Snapshot,
    files: &BTreeMap<String, FileSource>,
    mine: &BTreeSet<&String>,
) -> Result<Vec<SourceRow>, Trouble> {
    let mut rows = Vec::new();
    for view in views::sources(sight) {
        let plain = coop.source_in_plain(&view.name)?;
        let file = plain.as_ref().and_then(|name| files.get(name));
        let title = plain.as_deref().map_or_else(|| words::sources::WITHOUT_NAME.to_owned(), title);
        rows.push(SourceRow {
            title,
            file: plain.clone().filter(|name| mine.contains(name)),
            last_file: file.map(|file| file.file.clone()).filter(|_| !mine.is_empty()),
            view,
        });
    }
    Ok(rows)
}

/// The name of a source for people.
fn title(name: &str) -> String {
    if let Some(place) = name.strip_prefix("forge/") {
        return words::sources::by_bridge(place);
    }
    let Some(file) = name.strip_prefix("file/") else { return name.to_owned() };
    let (kind, of) = file.split_once('/').map_or((file, None), |(kind, of)| (kind, Some(of)));
    let what = Kind::parse(kind).map_or_else(|| kind.to_owned(), |kind| kind_words(kind).to_owned());
    let what = of.map_or_else(|| what.clone(), |of| words::sources::of_kind(&what, of));
    words::sources::by_file(uppercased(&what))
}

fn uppercased(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl SourcesPage {
    fn typed(&self, name: &str) -> &str {
        if self.typed.0 == name { &self.typed.1 } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn a_source_is_named_for_people() {
        for (name, told) in [
            ("file/open-collective-csv", "Open Collective’s transactions, by file"),
            ("file/support-csv/dues", "A table of what members gave: dues, by file"),
            ("file/git/tools", "A repository: tools, by file"),
            ("forge/github.com/a/b", "github.com/a/b, by a bridge"),
            ("bank", "bank"),
        ] {
            assert_eq!(title(name), told);
        }
    }
}
