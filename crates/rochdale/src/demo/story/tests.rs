//! Every template's story holds, and each difference is reported with its place.

use super::*;

const FILE: &str = "story.md";

/// Plays a story with the documents of a template.
fn told(template: &str, story: &str) -> Result<Vec<String>, String> {
    told_by(charter::template(template).unwrap(), story)
}

fn told_by(template: charter::Template, story: &str) -> Result<Vec<String>, String> {
    let words = |exit: Exit| format!("{exit:?}");
    let story = Story::read(FILE, story).map_err(words)?;
    let charter = filled(&story, template).map_err(words)?;
    let mut coop = Coop::in_memory(charter, true, story.founded).unwrap();
    let differences = play(&story, &mut coop).map_err(words)?;
    Ok(differences.iter().map(ToString::to_string).collect())
}

#[test]
fn every_template_has_a_story_that_holds() {
    for template in all() {
        let (name, story) = (template.name, template.story);
        let none: [String; 0] = [];
        assert_eq!(told_by(template, story).unwrap(), none, "{name}, {}", template.edition);
        assert!(story.lines().filter(|line| line.starts_with("## ")).count() >= 3, "{name}");
    }
}

/// Every template of every edition.
fn all() -> impl Iterator<Item = charter::Template> {
    let under = |edition| charter::templates().iter().filter_map(move |name| charter::template_under(name, edition));
    [Edition::ONE, Edition::TWO, Edition::THREE, Edition::FOUR].into_iter().flat_map(under)
}

/// A visitor of a demo finds a co-op that works: somebody admits, somebody spends, and there is money.
#[test]
fn every_story_ends_with_a_coop_that_can_act() {
    let mut wrong = Vec::new();
    for template in all() {
        let name = format!("{}, {}", template.name, template.edition);
        let story = Story::read(FILE, template.story).unwrap();
        let mut coop = Coop::in_memory(filled(&story, template).unwrap(), true, story.founded).unwrap();
        play(&story, &mut coop).unwrap();
        let state = coop.state();
        let balance =
            state.book.periods(engine::book::BookPeriod::Year, None).last().map_or(0, |year| year.balance_minor);
        if balance < 0 {
            wrong.push(format!("{name}: the balance is {balance}"));
        }
        for power in [charter::Power::Admit, charter::Power::Spend] {
            let with_power = state.open_decisions().map(|(_, one)| one).filter(|one| state.gives(one, power));
            for vacant in with_power.filter(|one| one.holders().iter().all(Option::is_none)) {
                wrong.push(format!("{name}: {} is vacant and may {power:?}", vacant.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_story_has_so_many_members_at_most() {
    let mut story = BEGIN.to_owned();
    for thousand in 0..10 {
        let from = thousand * 1_000 + 1;
        story.push_str(&format!("| | member-{from:03} to member-{:03} | joins | |\n", from + 999));
    }
    let story = story.replacen("| 2026-01-02 | member-001 | joins | |\n| |", "| 2026-01-02 |", 1);
    let none: [String; 0] = [];
    assert_eq!(told("club", &story).unwrap(), none);
    let found = told("club", &format!("{story}| | member-10001 | joins | |\n")).unwrap_err();
    assert!(found.contains("story.md:17: a story has 10000 members at most"), "{found}");
}

#[test]
fn every_number_of_a_story_is_compared() {
    let story = charter::template("club").unwrap().story;
    let lines: Vec<&str> = story.lines().collect();
    let mut tried = 0;
    for (place, line) in lines.iter().enumerate() {
        let Some((digit, other)) = [
            ("2.00 |", "2.01 |"),
            ("1.00 |", "0.99 |"),
            ("75% |", "76% |"),
            (" takes ", " loses "),
            ("holds |", "0% |"),
        ]
        .into_iter()
        .find(|(digit, _)| line.starts_with('|') && line.contains(digit)) else {
            continue;
        };
        let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        changed[place] = line.replace(digit, other);
        let found = told("club", &changed.join("\n")).unwrap();
        let at = format!("{FILE}:{}:", place + 1);
        assert!(found.iter().any(|words| words.starts_with(&at)), "{line}: {found:?}");
        tried += 1;
    }
    assert!(tried >= 15, "{tried}");
}

const BEGIN: &str = "| co-op | currency | founded |\n| - | - | - |\n| Walkers | USD | 2026-01-01 |\n\n| date | who | does | refused |\n| - | - | - | - |\n| 2026-01-02 | member-001 | joins | |\n";

#[test]
fn what_cannot_be_played_is_told_with_its_line() {
    for (rest, words) in [
        ("| 2026-01-03 | member-001 | dances | |", "story.md:8: `dances` is no act"),
        ("| 2026-01-01 | member-001 | leaves | |", "story.md:8: the story has come to 2026-01-02T12:00:00Z already"),
        ("| 2026-02-30 | member-001 | leaves | |", "story.md:8: `2026-02-30` is not a day"),
        ("| | member-001 | pays dues of 3 EUR | |", "`EUR` is not the co-op's currency"),
        ("| | member-001 | pays dues of 3 | |", "`3` has no unit"),
        ("| | member-001 | places half on chair: member-001 | |", "`half` is no percentage"),
        ("| | member-003 to member-001 | joins | |", "is no row of numbered members"),
        ("| | member-001 to member-9999999 | joins | |", "story.md:8: a row names 1000 members at most"),
        (
            "| | member-001 to member-600, other-001 to other-600 | joins | |",
            "story.md:8: a row names 1000 members at most",
        ),
        ("| | member-001 | proposes nothing as house-rules | |", "the story has no document `nothing`"),
        ("| | member-009 | leaves | |", "nobody in the register is called `member-009`"),
        ("| 2099-01-01 | member-001 | leaves | |", "story.md:8: a story lasts 50 years at most"),
        ("| | member-001 | joins |", "story.md:8: 3 cells under 4 heads"),
        ("| | member-001 | agrees to admit member-009 | |", "story.md:8: no such act waits"),
        ("| | member-001 | agrees to agree to admit member-009 | |", "story.md:8: `agree` is nothing that powers do"),
        ("| | member-001 | takes back that member-001 dances | |", "nothing is announced in the words"),
        ("| | member-001 | takes back that member-001 joins | |", "story.md:8: no such act waits"),
        ("\n| wealth on 2026-01-05 | weight |\n| - | - |", "story.md:9: no table begins with `wealth on"),
    ] {
        let found = told("club", &format!("{BEGIN}{rest}\n")).unwrap_err();
        assert!(found.contains(words), "{rest}: {found}");
    }
    let found = told("club", "# A story\n").unwrap_err();
    assert!(found.contains("the table `co-op`, `currency`, `founded` is missing"), "{found}");
}

/// Every sentence that the chapter lists is one that stories have, and its templates are those that there are.
#[test]
fn the_chapter_says_what_there_is() {
    let chapter = include_str!("../../../../../docs/spec/templates.md");
    let names = chapter.lines().filter_map(|line| {
        let name = line.strip_prefix("| `")?.split('`').next()?;
        charter::template(name).map(|template| template.name)
    });
    assert_eq!(names.collect::<Vec<_>>(), charter::templates());
    let sentences = chapter.split("| sentence | act |").nth(1).unwrap();
    let sentences = sentences.split("\n\n").next().unwrap().lines().skip(2);
    let mut tried = 0;
    for line in sentences {
        let cell = line.split('|').nth(1).unwrap();
        for sentence in cell.split('`').skip(1).step_by(2).filter(|words| words.contains(' ')) {
            let decision = if sentence.contains("RANKING") { "ideas" } else { "chair" };
            let sentence = [
                ("RANKING", decision),
                ("DECISION", decision),
                ("NAME", "member-001"),
                ("ITEM", "bread"),
                ("TEXT", "text"),
                ("LIST", "list"),
                ("ACCOUNT", "hosting"),
            ]
            .into_iter()
            .fold(sentence.to_owned(), |words, (place, name)| words.replace(place, name));
            let row = format!("{BEGIN}| | member-001 | {sentence} | |\n");
            let found = format!("{:?}", told("club", &row));
            assert!(!found.contains("is no act that stories have"), "{sentence}: {found}");
            tried += 1;
        }
    }
    assert!(tried > 25, "{tried}");
}

#[test]
fn stories_have_a_sentence_for_every_act_that_members_and_holders_do() {
    let chapter = include_str!("../../../../../docs/spec/templates.md");
    let (_, sentences) = chapter.split_once("| sentence | act |").unwrap();
    let (sentences, _) = sentences.split_once("\n\n").unwrap();
    // A fork is told by another story's beginning; which source was heard, is an importer's. Stories record
    // hours without a claim, and nobody in them has two records, or a device.
    let without = [
        "announce_fork",
        "join_fork",
        "source_heard",
        "claim_support",
        "answer_claim",
        "take_back_claim",
        "join_members",
        "answer_join",
        "take_back_join",
        "open_hearing",
        "answer_hearing",
        "expel_member",
        "pause_membership",
        "resume_membership",
        "apply_to_join",
        "answer_application",
        "refuse_application",
        "withdraw_application",
        "enrol_device",
        "confirm_device",
        "revoke_device",
        "sign_only",
    ];
    for row in engine::Act::TABLE.iter().filter(|row| row.is_handed_in()) {
        let told = sentences.contains(&format!("`{}`", row.kind));
        assert_eq!(told, !without.contains(&row.kind), "{}", row.kind);
    }
}

#[test]
fn a_refusal_is_expected_or_told() {
    let refused = "| | member-001 | resigns from chair | R030 |\n";
    let none: [String; 0] = [];
    assert_eq!(told("club", &format!("{BEGIN}{refused}")).unwrap(), none);
    let found = told("club", &format!("{BEGIN}{}", refused.replace("R030", ""))).unwrap();
    assert!(found[0].starts_with("story.md:8: `member-001 resigns from chair`: the story says accepted, and R030"));
    let found = told("club", &format!("{BEGIN}| | member-001 | leaves | R030 |\n")).unwrap();
    assert!(found[0].contains("the story says R030, and it was accepted"), "{found:?}");
}

#[test]
fn a_template_is_built_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let coop = build("fairshares", folder.path()).unwrap();
    assert!(coop.state().founding.act.demonstration);
    drop(coop);
    let opened = Coop::open(folder.path(), Moment::parse("2026-12-01").unwrap()).unwrap();
    let capped = &opened.state().rules.kernel.classes[3];
    assert_eq!(capped.at_most_ppm, Some(200_000), "the amended kernel is replayed");
    assert!(build("none", folder.path()).is_err());
}

#[test]
fn members_bring_items_and_pledges() {
    let club = charter::template_under("club", Edition::THREE).unwrap();
    let story = format!(
        "{BEGIN}| | member-002 | joins | |\n| | member-001 | brings tea to ideas | |\n| | member-002 | brings tea to ideas | R026 |\n| | member-002 | takes back tea from ideas | R031 |\n| | member-001 | takes back tea from ideas | |\n| | member-001 | pledges 10 USD a month | |\n| | member-001 | pledges 0 USD a month | |\n| | member-001 | pledges 0 USD a month | R023 |\n"
    );
    let none: [String; 0] = [];
    assert_eq!(told_by(club, &story).unwrap(), none);
}
