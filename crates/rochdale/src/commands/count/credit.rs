//! `rochdale count credit`: credit of the people of a file or of a repository, as `engine::credit` computes it.

mod file;
mod parameters;
mod repository;

use std::path::PathBuf;

use engine::credit::{Credits, Graph, Kind, LinkKind, Parameters, Wrong, credits};
use quantity::format_micro;
use serde_json::{Value, json};

use super::{File, print_decimal};
use crate::commands::{print, print_json, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Of {
    /// JSON as in docs/spec/count.md, `-` for standard input; or the folder of a git repository
    #[arg(value_name = "FILE|REPOSITORY")]
    from: PathBuf,
    /// Of a repository: weights and probabilities, as `parameters` of a file
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A graph with the names of what it knows by places, both in the order of those names.
struct Named {
    graph: Graph,
    parameters: Parameters,
    people: Vec<String>,
    items: Vec<String>,
    /// Lines about what was read, for people.
    notes: Vec<String>,
}

/// Places of a result: pico-credits.
const PLACES: u32 = 12;
/// The most numbers by week that an answer lists.
const MOST_CELLS: u64 = 20_000_000;

impl Of {
    pub fn run(self) -> Result<(), Exit> {
        let named = if self.from.is_dir() {
            repository::read(&self.from, self.parameters.as_ref())?
        } else if self.parameters.is_some() {
            return Err(Exit::input("`--parameters` is for a repository: a file has a field `parameters`"));
        } else {
            let file = File { file: self.from, json: self.json };
            file::named(file.read()?)?
        };
        let cells = u64::from(named.graph.people) * u64::from(named.graph.weeks);
        if cells > MOST_CELLS {
            let why = format!("people times weeks is {cells}, and {MOST_CELLS} is the most that an answer lists");
            return Err(Exit::input(why));
        }
        let credits = credits(&named.graph, &named.parameters).map_err(|wrong| named.say(wrong))?;
        if self.json { print_json(&named.answer(&credits)) } else { print(&named.lines(&credits)) }
    }
}

impl Named {
    fn answer(&self, credits: &Credits) -> Value {
        let decimal = |pico: u64| print_decimal(i128::from(pico), PLACES);
        let people = self.people.iter().zip(&credits.people).map(|(id, credit)| {
            let mut by_week = vec![Value::from("0"); self.graph.weeks as usize];
            for week in &credit.weeks {
                if let Some(cell) = by_week.get_mut(week.week as usize) {
                    *cell = decimal(week.pico).into();
                }
            }
            json!({ "id": id, "credit": decimal(credit.pico), "by_week": by_week })
        });
        json!({ "people": people.collect::<Vec<_>>() })
    }

    fn lines(&self, credits: &Credits) -> String {
        let mut order: Vec<_> = self.people.iter().zip(&credits.people).collect();
        order.sort_by_key(|(_, credit)| std::cmp::Reverse(credit.pico));
        let mut rows = vec![["person", "credit", "most in week", "weeks with any"].map(str::to_owned).to_vec()];
        rows.extend(order.into_iter().map(|(id, credit)| {
            let most = credit.weeks.iter().max_by_key(|week| (week.pico, std::cmp::Reverse(week.week)));
            let most = most.map_or_else(|| "-".to_owned(), |week| week.week.to_string());
            let decimal = print_decimal(i128::from(credit.pico), PLACES);
            vec![id.clone(), decimal, most, credit.weeks.len().to_string()]
        }));
        let Graph { weeks, items, links, .. } = &self.graph;
        let minted = format_micro(i128::from(credits.minted_micro));
        let (items, links, sweeps) = (items.len(), links.len(), credits.sweeps);
        let told = format!(
            "minted and paid out: {minted}, by {items} items with {links} links in {weeks} weeks\nsettled after {sweeps} sweeps\n"
        );
        let notes: String = self.notes.iter().map(|note| format!("{note}\n")).collect();
        format!("{}{told}{notes}", table(&rows))
    }

    /// The words for what is wrong, with the names of the items and people that it is about.
    fn say(&self, wrong: Wrong) -> Exit {
        let name = |item: u32| self.items.get(item as usize).map_or("?", String::as_str);
        let item_words = |item: u32| {
            let item_week = self.graph.items.get(item as usize).map_or(0, |item| item.week);
            format!("{} of week {item_week}", self.call(item))
        };
        let bounds = "docs/spec/credit.md lists the bounds";
        Exit::input(match wrong {
            Wrong::Probability => "`alpha` and `beta` go from 0.01 to 1, `gamma_forward` and `gamma_back` from 0 to 0.4, and all four are together at most 1".to_owned(),
            Wrong::Weight => "every weight of `parameters` goes from 0 to 1000".to_owned(),
            Wrong::TooManyPeople => format!("{} people are too many: {bounds}", self.graph.people),
            Wrong::Weeks => format!("{} weeks: there is one at least and 5000 at most", self.graph.weeks),
            Wrong::TooManyItems => format!("{} items are too many: {bounds}", self.graph.items.len()),
            Wrong::TooManyLinks => format!("{} links are too many: {bounds}", self.graph.links.len()),
            Wrong::TooManyAttributed => {
                "attributions times weeks are more than 1000000: name fewer, or take fewer weeks".to_owned()
            }
            Wrong::Item(item) => {
                let weeks = self.graph.weeks;
                format!("{}: a week is below `weeks`, which is {weeks}, and `mint` goes from 0 to 1000", item_words(item))
            }
            Wrong::Link(link) => {
                let from = self.graph.links.get(link as usize).map_or(0, |link| link.from);
                format!("{} is linked to itself", self.call(from))
            }
            Wrong::Attribution(place) => format!(
                "attribution {}: it is from one person to another, in a week below `weeks`, and of 0 to 1",
                u64::from(place) + 1
            ),
            Wrong::Overshared(person) => {
                let id = self.people.get(person as usize).map_or("?", String::as_str);
                format!("`{id}` gives more than their whole pay-out in some week")
            }
            Wrong::Minted => "all items together mint more than 9000000".to_owned(),
            Wrong::Unpaid => "no credit reaches anybody: give the links from items to their authors a weight".to_owned(),
            Wrong::Later { from, to } => {
                format!("{} names `{}`, which is of a later week: {}", item_words(from), name(to), item_words(to))
            }
            Wrong::Circle(item) => format!("{} is among its own ancestors", self.call(item)),
        })
    }

    /// An item with its kind, such as: commit `c1`.
    fn call(&self, item: u32) -> String {
        let kind = self.graph.items.get(item as usize).map_or("item", |item| kind_word(item.kind));
        format!("{kind} `{}`", self.items.get(item as usize).map_or("?", String::as_str))
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Commit | Kind::Merge => "commit",
        Kind::Review => "review",
        Kind::Issue => "issue",
        Kind::Document => "document",
    }
}

/// The word for what an item names by a kind of link.
fn link_word(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Parent => "parent",
        LinkKind::Review => "reviewed item",
        LinkKind::Mention => "mentioned item",
    }
}
