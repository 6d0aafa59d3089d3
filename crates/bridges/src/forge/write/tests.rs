//! Writing to the double in each dialect: once each, whatever becomes of the answers.

use forge_double::{Access, Demand, Dialect as Spoken, Fault, Happening, Number, Server, World};

use super::super::{NoAnswer, Reach, Site};
use super::*;

const ALL: [(Dialect, Spoken); 3] =
    [(Dialect::Github, Spoken::GitHub), (Dialect::Gitea, Spoken::Gitea), (Dialect::Gitlab, Spoken::GitLab)];

fn double(spoken: Spoken) -> (Server, Number) {
    let mut world = World::new(spoken);
    world.repository("coop-001", "tool");
    world.token("reads", "member-001", Access::Read);
    let issue = world.open_issue(0, "member-001", "Mend the roof", "It leaks.");
    (Server::start(world).unwrap(), issue)
}

fn caller(server: &Server, dialect: Dialect, token: &str) -> Forge {
    let site = Site::parse(dialect, &format!("{}/coop-001/tool", server.url()), Reach::Loopback).unwrap();
    Forge::new(site, Some(token), Reach::Loopback).unwrap()
}

#[test]
fn an_issue_is_closed_opened_and_labelled_in_each_dialect() {
    for (dialect, spoken) in ALL {
        let (server, issue) = double(spoken);
        let forge = caller(&server, dialect, "forge-token");
        assert!(forge.is_open(1).unwrap());
        forge.close(1, Reason::NotPlanned).unwrap();
        assert!(!forge.is_open(1).unwrap(), "{dialect:?}");
        if dialect == Dialect::Github {
            assert_eq!(server.world().issue(issue).unwrap().reason.as_deref(), Some("not_planned"));
        }
        let start = Moment(0);
        assert!(forge.was_turned(1, true, start).unwrap() && !forge.was_turned(1, false, start).unwrap());
        forge.reopen(1).unwrap();
        assert!(forge.is_open(1).unwrap() && forge.was_turned(1, false, start).unwrap(), "{dialect:?}");

        assert_eq!(forge.find_marked(1, "<!-- rochdale:7 -->").unwrap(), None);
        forge.comment(1, "Backed by 3. <!-- rochdale:7 -->").unwrap();
        let found = forge.find_marked(1, "<!-- rochdale:7 -->").unwrap().unwrap();
        forge.rewrite(1, found.id, "Backed by 4. <!-- rochdale:7 -->").unwrap();
        assert!(forge.find_marked(1, "<!-- rochdale:7 -->").unwrap().unwrap().body.starts_with("Backed by 4"));
        assert_eq!(server.world().issue(issue).unwrap().comments.len(), 1);

        let bug = server.world().make_label(0, "bug", "d73a4a");
        server.world().set_labels(issue, "member-001", &[bug]);
        let labels = || {
            let world = server.world();
            let own = world.issue(issue).unwrap().labels.clone();
            own.iter().map(|id| world.label(0, *id).unwrap().name.clone()).collect::<Vec<_>>()
        };
        assert!(forge.relabel(1, "rochdale:", Some("rochdale: 1 of 3")).unwrap());
        assert!(!forge.relabel(1, "rochdale:", Some("rochdale: 1 of 3")).unwrap(), "{dialect:?}: it has it already");
        assert!(forge.relabel(1, "rochdale:", Some("rochdale: 2 of 3")).unwrap());
        assert_eq!(labels(), ["bug", "rochdale: 2 of 3"], "{dialect:?}");
        assert!(forge.relabel(1, "rochdale:", None).unwrap());
        assert_eq!(labels(), ["bug"], "{dialect:?}");
    }
}

#[test]
fn a_mark_is_found_among_hundreds_of_comments() {
    for (dialect, spoken) in ALL {
        let (server, issue) = double(spoken);
        for number in 0..260 {
            server.world().comment(issue, "member-001", &format!("Me too, {number}"));
        }
        let forge = caller(&server, dialect, "forge-token");
        forge.comment(1, "Here. <!-- rochdale:9 -->").unwrap();
        assert!(forge.find_marked(1, "<!-- rochdale:9 -->").unwrap().is_some(), "{dialect:?}");
    }
}

/// A refusal for good is told from a trouble that passes: only the second is tried again.
#[test]
fn refusals_are_told_from_troubles() {
    for (dialect, spoken) in ALL {
        let (server, issue) = double(spoken);
        let forge = caller(&server, dialect, "forge-token");
        assert_eq!(forge.is_open(77), Err(NotWritten::Gone));
        assert_eq!(caller(&server, dialect, "wrong").is_open(1), Err(NotRead::Token(401).into()));
        assert_eq!(caller(&server, dialect, "reads").comment(1, "x"), Err(NotWritten::Forbidden(403)), "{dialect:?}");
        assert!(matches!(forge.comment(1, ""), Err(NotWritten::Refused(400 | 422, _))), "{dialect:?}");
        server.world().demands.push(Demand::next(Fault::Secondary { status: 429, retry_after: Some(90) }));
        assert_eq!(forge.is_open(1), Err(NotRead::NoAnswer(NoAnswer::Limited(90)).into()));
        server.world().demands.push(Demand::next(Fault::Secondary { status: 403, retry_after: Some(70) }));
        assert_eq!(forge.is_open(1), Err(NotRead::NoAnswer(NoAnswer::Limited(70)).into()));
        server.world().demands.push(Demand::next(Fault::NoJson));
        assert!(matches!(forge.is_open(1), Err(NotWritten::NotRead(NotRead::Unread(_)))));
        server.world().demands.push(Demand::next_write(Fault::LostAnswer));
        assert!(matches!(forge.close(1, Reason::Completed), Err(NotWritten::NotRead(NotRead::NoAnswer(_)))));
        assert!(!forge.is_open(1).unwrap(), "{dialect:?}: it was closed, though nobody said so");
        let closings = {
            let world = server.world();
            let events = world.repositories[0].events.iter();
            events.filter(|event| event.at == issue && matches!(event.what, Happening::Closed(_))).count()
        };
        assert_eq!(closings, 1, "{dialect:?}");
    }
}
