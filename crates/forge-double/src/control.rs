//! Calls below `/_double/`, by which a test in another process acts on the forge: no forge has them.

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::fault::{Demand, Fault};
use crate::world::{Access, Kind, Number, World};
use crate::year::{Rng, Year};

/// Answers one call.
pub fn answer(world: &mut World, call: &Call) -> Answer {
    let fields = call.fields().unwrap_or_default();
    let done = || Answer::json(200, &json!({}));
    match call.path.trim_start_matches("/_double/") {
        "pass" => {
            world.pass(fields.get("seconds").and_then(Value::as_i64).unwrap_or(1));
            Answer::json(200, &json!({ "now": world.now }))
        }
        "repository" => {
            let at = world.repository(&text(&fields, "owner"), &text(&fields, "name"));
            let id = world.repositories.get_mut(at).map(|known| {
                known.private = fields.get("private").and_then(Value::as_bool).unwrap_or(false);
                known.id
            });
            Answer::json(200, &json!({ "at": at, "id": id }))
        }
        "token" => {
            let access = match text(&fields, "access").as_str() {
                "public" => Access::Public,
                "read" => Access::Read,
                _ => Access::Write,
            };
            world.token(&text(&fields, "token"), &text(&fields, "login"), access);
            done()
        }
        "demand" => match demand(&fields) {
            Some(demand) => {
                world.demands.push(demand);
                done()
            }
            None => Answer::json(400, &json!({ "error": "no such fault" })),
        },
        "chance" => {
            let per_mille = number(&fields, "per_mille");
            world.chance = Some((Rng::new(number(&fields, "seed")), per_mille)).filter(|_| per_mille > 0);
            done()
        }
        "hourly" => {
            world.hourly = number(&fields, "calls");
            done()
        }
        "act" => act(world, &fields),
        "live" => {
            let mut year = Year::new(number(&fields, "seed"));
            year.live(world, number(&fields, "days"));
            done()
        }
        "calls" => {
            let calls = world.calls.iter().map(|(method, path, status)| json!([method, path, status]));
            Answer::json(200, &calls.collect())
        }
        "deliveries" => {
            let taken = world.take_deliveries(None);
            let shown = taken.iter().map(|delivery| {
                json!({
                    "id": delivery.id, "url": delivery.url, "headers": delivery.headers,
                    "body": String::from_utf8_lossy(&delivery.body),
                })
            });
            Answer::json(200, &shown.collect())
        }
        _ => Answer::json(404, &json!({ "error": "the double has no such call" })),
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn number(fields: &Map<String, Value>, name: &str) -> u64 {
    fields.get(name).and_then(Value::as_u64).unwrap_or(0)
}

fn demand(fields: &Map<String, Value>) -> Option<Demand> {
    let status = u16::try_from(number(fields, "status")).unwrap_or(403);
    let fault = match text(fields, "fault").as_str() {
        "lost" => Fault::LostAnswer,
        "half" => Fault::HalfAnswer,
        "unheard" => Fault::Unheard,
        "slow" => Fault::Slow(number(fields, "milliseconds")),
        "broken" => Fault::Broken,
        "broken-after" => Fault::BrokenAfter,
        "secondary" => Fault::Secondary { status, retry_after: fields.get("retry_after").and_then(Value::as_u64) },
        "spent" => Fault::Spent(fields.get("seconds").and_then(Value::as_i64).unwrap_or(3_600)),
        "no-json" => Fault::NoJson,
        _ => return None,
    };
    let times = u32::try_from(number(fields, "times").max(1)).unwrap_or(1);
    Some(Demand { fault, times, method: text(fields, "method"), path: text(fields, "path") })
}

/// Somebody does something on the forge's own pages.
fn act(world: &mut World, fields: &Map<String, Value>) -> Answer {
    let repository = world.find_repository(&text(fields, "repository")).unwrap_or(usize::MAX);
    let kind = if text(fields, "kind") == "pull" { Kind::Pull } else { Kind::Issue };
    let at = world.find_number(repository, number(fields, "number"), kind);
    let at = at.unwrap_or(Number { repository, kind, number: number(fields, "number") });
    let (by, title, body) = (text(fields, "by"), text(fields, "title"), text(fields, "body"));
    let made = match text(fields, "act").as_str() {
        "open" => world.open_issue(repository, &by, &title, &body).number,
        "pull" => world.open_pull(repository, &by, &title, &body).number,
        "comment" => world.comment(at, &by, &body),
        "review" => world.review(at, &by, &title, &body),
        "release" => world.release(repository, &by, &title, &body),
        "label" => {
            let id = world.make_label(repository, &title, "ededed");
            world.set_labels(at, &by, &[id]);
            id
        }
        "transfer" => {
            let to = world.find_repository(&text(fields, "to")).unwrap_or(repository);
            world.transfer(at, &by, to).map_or(0, |at| at.number)
        }
        "close" => {
            world.close(at, &by, Some("completed"));
            0
        }
        "reopen" => {
            world.reopen(at, &by);
            0
        }
        "retitle" => {
            world.retitle(at, &by, &title);
            0
        }
        "delete" => {
            world.delete(at, &by);
            0
        }
        "merge" => {
            world.merge(at, &by);
            0
        }
        "commit" => {
            world.commit(repository, &by, &body);
            0
        }
        _ => return Answer::json(400, &json!({ "error": "no such act" })),
    };
    Answer::json(200, &json!({ "made": made }))
}
