//! `check`: mistakes for people and for editors.

use serde_json::json;

use crate::run::Place;

#[test]
fn a_mistake_has_a_place_a_code_and_words() {
    let place = Place::unfounded();
    let text = place.read("home/kernel.md");
    let said = place.run(&["check", "home/kernel.md"]).quietly();
    assert!(said.ends_with("\nhome/kernel.md: no mistakes\n"), "{said}");
    assert_eq!(place.run(&["check", "home/kernel.md", "--json"]).ends(0).json(), json!([]));
    place.write("bad.md", text.replace("10 days", "10 dys").replace("last month", "lst month"));
    let ran = place.run(&["check", "bad.md", "--json"]).ends(1);
    assert!(ran.err.is_empty(), "{ran:?}");
    let mistakes = ran.json();
    let list = mistakes.as_array().unwrap();
    assert_eq!(list.len(), 2, "every mistake at once: {mistakes}");
    for mistake in list {
        let (start, end) = (&mistake["range"]["start"], &mistake["range"]["end"]);
        for place in [start, end] {
            assert!(place["line"].is_u64() && place["character"].is_u64(), "{mistake}");
        }
        assert!(
            (start["line"].as_u64(), start["character"].as_u64()) <= (end["line"].as_u64(), end["character"].as_u64())
        );
        assert_eq!(mistake["severity"], 1);
        assert_eq!(mistake["source"], "rochdale");
        assert!(mistake["code"].as_str().unwrap().starts_with('C'), "{mistake}");
        assert!(!mistake["message"].as_str().unwrap().is_empty());
    }
    let line = text.lines().position(|line| line.contains("donated(last month)")).unwrap();
    assert_eq!(list[0]["range"]["start"]["line"], line);
    let words = place.run(&["check", "bad.md"]).ends(1);
    assert!(words.out.contains(&format!("bad.md:{}:", line + 1)), "{words:?}");
}

/// Editors count in units of UTF-16, people in characters.
#[test]
fn positions_are_what_editors_count() {
    let place = Place::unfounded();
    let text = place.read("home/constitution.md");
    let text = text.replacen("settles-in", "/* 🌱🌱 é */ setles-in", 1);
    place.write("bad.md", text);
    let arguments = ["check", "bad.md", "--kernel", "home/kernel.md"];
    let people = place.run(&arguments).ends(1).out;
    assert!(people.contains("bad.md:14:16: C006 "), "{people}");
    let editors = place.run(&[&arguments[..], &["--json"]].concat()).ends(1).json();
    assert_eq!(
        editors[0]["range"],
        json!({"start": {"line": 13, "character": 17}, "end": {"line": 13, "character": 26}})
    );
}

#[test]
fn a_constitution_is_checked_against_its_kernel() {
    let place = Place::unfounded();
    let with = ["check", "home/constitution.md", "--kernel", "home/kernel.md", "--json"];
    assert_eq!(place.run(&with).ends(0).json(), json!([]));
    place.write("bad.md", place.read("home/constitution.md").replace("settles-in", "setles-in"));
    let ran = place.run(&["check", "bad.md", "--kernel", "home/kernel.md"]).ends(1);
    assert!(ran.out.contains("bad.md:"), "{ran:?}");
    let ran = place.run(&["check", "home/constitution.md", "--kernel", "bad.md"]).ends(1);
    assert!(ran.out.contains("bad.md:"), "{ran:?}");
}

#[test]
fn what_is_no_text_is_bad_input() {
    let place = Place::unfounded();
    place.write("latin.md", b"# One\n\n\xc3\xa9t\xe9\n");
    place.write("huge.md", "x".repeat(2_000_000));
    for (file, words) in [
        ("nowhere.md", "cannot read `nowhere.md`"),
        ("home", "cannot read `home`"),
        ("latin.md", "latin.md:3:3: these bytes are not UTF-8"),
        ("huge.md", "longer than"),
        ("/dev/zero", "longer than"),
    ] {
        place.run(&["check", file, "--json"]).fails(2, words);
        place.run(&["check", "home/constitution.md", "--kernel", file]).fails(2, words);
    }
    for hostile in ["", "\0", "```charter", "```charter\n", "```charter\nkernel {\n```", "\u{feff}# x\r\n"] {
        place.write("hostile.md", hostile);
        let ran = place.run(&["check", "hostile.md", "--json"]).ends(1);
        assert!(!ran.json().as_array().unwrap().is_empty());
    }
    place.write("deep.md", format!("```charter\n{}\n```\n", "kernel {\n".repeat(50_000)));
    place.run(&["check", "deep.md"]).ends(1);
}
