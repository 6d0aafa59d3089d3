//! `rochdale invite`: links by which members come in, made where the log is. The operator may make one for any member; pages let
//! members do less (docs/spec/first-run.md).

use std::path::PathBuf;

use engine::Actor;
use host::gate::{INVITATION_DAYS, MOST_INVITATION_DAYS, Standing, check_name};
use host::{Coop, Person, clock};
use quantity::Moment;
use serde_json::json;

use crate::commands::{print, print_json, read, table, write};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Invite {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The member: a name, a mail address, a handle or a pseudonym; a new name joins the register
    #[arg(value_name = "NAME", required_unless_present_any = ["list", "revoke"])]
    name: Option<String>,
    /// The days for which the link is good
    #[arg(long = "for", value_name = "DAYS", default_value_t = INVITATION_DAYS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_INVITATION_DAYS)))]
    days: u32,
    /// The server's address for members' browsers
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:1844")]
    address: String,
    /// Show the invitations and their states
    #[arg(long, conflicts_with_all = ["name", "revoke"])]
    list: bool,
    /// Take back somebody's open invitation, by its member or by its id in the list
    #[arg(long, value_name = "NAME", conflicts_with = "name")]
    revoke: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// As many letters of a hash name an invitation.
const ID_LETTERS: usize = 16;

impl Invite {
    pub fn run(self) -> Result<(), Exit> {
        match (&self.name, &self.revoke) {
            (Some(name), _) => self.invite(name),
            (None, Some(name)) => self.revoke(name),
            (None, None) => self.list(),
        }
    }

    fn invite(&self, name: &str) -> Result<(), Exit> {
        let address = address(&self.address)?;
        let mut coop = write(&self.dir)?;
        let known = coop.find_member(name)?;
        if known.is_none() {
            check_name(name).map_err(Exit::input)?;
        }
        let now = clock::now();
        let mut batch = coop.batch()?;
        let member = match known {
            Some(member) => member,
            None => {
                let person = Person { name: name.trim().to_owned(), ..Person::default() };
                batch.member_for(&person, Actor::Operator, now)?
            }
        };
        let code = batch.invite(member, None, self.days, now)?;
        batch.commit()?;
        let link = format!("{address}/invitation/{code}");
        let until = Moment(now.0.saturating_add(DAY_US.saturating_mul(self.days.into())));
        if self.json {
            return print_json(&json!({
                "member": member.to_string(),
                "name": coop.directory().name(member),
                "link": link,
                "until": until.to_string(),
            }));
        }
        let joined = if known.is_none() { " joins the register and" } else { "" };
        print(&format!(
            "{}{joined} is invited. The link is good once, until {}; it is shown this once:\n{link}\n",
            coop.directory().name(member),
            shown(&coop, until)
        ))
    }

    fn list(&self) -> Result<(), Exit> {
        let coop = read(&self.dir)?;
        let now = clock::now();
        let mut kept = coop.invitations()?;
        kept.sort_by_key(|(_, one)| std::cmp::Reverse(one.made_us));
        let standing = |one| in_words(coop.standing(one, now));
        if self.json {
            let all = kept.iter().map(|(hash, one)| {
                json!({
                    "id": id(hash),
                    "member": one.member.to_string(),
                    "name": coop.directory().name(one.member),
                    "by": one.by.map(|by| by.to_string()),
                    "until": Moment(one.until_us).to_string(),
                    "standing": standing(one),
                })
            });
            return print_json(&json!({ "invitations": all.collect::<Vec<_>>() }));
        }
        if kept.is_empty() {
            return print("no invitations\n");
        }
        let mut rows = vec![["id", "member", "good until", "is"].map(str::to_owned).to_vec()];
        rows.extend(kept.iter().map(|(hash, one)| {
            vec![
                id(hash),
                coop.directory().name(one.member),
                shown(&coop, Moment(one.until_us)),
                standing(one).to_owned(),
            ]
        }));
        print(&table(&rows))
    }

    fn revoke(&self, name: &str) -> Result<(), Exit> {
        let mut coop = write(&self.dir)?;
        let now = clock::now();
        let hash =
            named(&mut coop, name, now)?.ok_or_else(|| Exit::no(format!("no invitation of `{name}` is open")))?;
        let mut batch = coop.batch()?;
        let member = batch.revoke(&hash, now)?;
        batch.commit()?;
        let whose = member.map_or_else(|| name.to_owned(), |member| coop.directory().name(member));
        if self.json {
            return print_json(&json!({ "revoked": id(&hash), "name": whose }));
        }
        print(&format!("the invitation of {whose} is taken back\n"))
    }
}

/// Checks the beginning of links: they go on behind it, so it has no query and no fragment.
fn address(text: &str) -> Result<&str, Exit> {
    let text = text.trim_end_matches('/');
    let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let goes_on = |letter: char| letter.is_whitespace() || letter.is_control() || "?#\\\"<>".contains(letter);
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') && !rest.contains(goes_on) => Ok(text),
        _ => Err(Exit::input(format!(
            "`{text}` is not an address such as https://coop.example: http or https, and no `?` or `#`"
        ))),
    }
}

/// Returns a time as pages show it, with the co-op's zone.
fn shown(coop: &Coop, at: Moment) -> String {
    let zone = &coop.state().rules.kernel.zone;
    format!("{} ({})", views::moment(at, zone).text, zone.name())
}

const DAY_US: i64 = 86_400_000_000;

/// Returns the hash of the open invitation that a member has, or that an id names.
fn named(coop: &mut Coop, name: &str, now: Moment) -> Result<Option<String>, Exit> {
    let kept = coop.invitations()?;
    let member = coop.find_member(name)?;
    let mut open = kept.into_iter().filter(|(_, one)| one.standing(now) == Standing::Open);
    let found = open.find(|(hash, one)| Some(one.member) == member || id(hash) == name);
    Ok(found.map(|(hash, _)| hash))
}

fn id(hash: &str) -> String {
    hash.chars().take(ID_LETTERS).collect()
}

fn in_words(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Used => "used",
        Standing::Revoked => "taken back",
        Standing::Expired => "expired",
        Standing::Ended => "of a former member",
    }
}
