//! `init`, and what people do to the two documents afterwards.

use crate::run::Place;

#[test]
fn every_template_makes_a_co_op_that_checks() {
    for template in charter::templates() {
        for currency in ["USD", "JPY", "BHD"] {
            let place = Place::empty();
            place.run(&["init", "deep/home", "--template", template, "--currency", currency]).quietly();
            place.run(&["check", "deep/home/kernel.md"]).quietly();
            place.run(&["check", "deep/home/constitution.md", "--kernel", "deep/home/kernel.md"]).quietly();
            let status = place.run(&["status", "deep/home", "--json"]).ends(0).json();
            assert_eq!(status["currency"], currency);
            assert_eq!(status["name"], "home");
            assert_eq!(status["entries"], 0);
        }
    }
}

#[test]
fn a_second_time_changes_nothing() {
    let place = Place::founded();
    place.unchanged(|| {
        place.run(&["init", "home", "--template", "club"]).fails(2, "is there already: nothing was changed");
    });
    for one in ["kernel.md", "constitution.md", "rochdale.db"] {
        let place = Place::empty();
        std::fs::create_dir(place.path("half")).unwrap();
        place.write(&format!("half/{one}"), "mine");
        place.run(&["init", "half", "--template", "club"]).fails(2, "is there already");
        assert_eq!(place.read(&format!("half/{one}")), "mine");
        assert_eq!(std::fs::read_dir(place.path("half")).unwrap().count(), 1);
    }
}

#[test]
fn bad_input_makes_nothing() {
    let place = Place::empty();
    place.write("file", "text");
    let long = "x".repeat(10_000);
    for (arguments, words) in [
        (&["init", "new", "--template", "nothing"][..], "there is no template `nothing`"),
        (&["init", "new", "--template", ""], "there is no template"),
        (&["init", "new", "--template", "../open-source"], "there is no template"),
        (&["init", "new", "--template", "club", "--currency", "XXXX"], "ISO 4217"),
        (&["init", "new", "--template", "club", "--currency", ""], "ISO 4217"),
        (&["init", "new", "--template", "club", "--currency", "U$D"], "ISO 4217"),
        (&["init", "new", "--template", "club", "--name", &long], "1 to 100"),
        (&["init", "new", "--template", "club", "--name", ""], "1 to 100"),
        (&["init", "file", "--template", "club"], "cannot use `file`"),
        (&["init", "file/new", "--template", "club"], "cannot use `file/new`"),
    ] {
        place.run(arguments).fails(2, words);
        assert!(!place.path("new").exists(), "{arguments:?}");
    }
}

/// Returns the decisions of a co-op with this name.
fn decisions_of(name: &str) -> Vec<&'static str> {
    let place = Place::empty();
    place.run(&["init", "home", "--template", "open-source", "--name", name]).quietly();
    let status = place.run(&["status", "home", "--json"]).ends(0).json();
    let decisions = status["decisions"].as_array().unwrap();
    let names = decisions.iter().map(|one| one["decision"].as_str().unwrap());
    names.map(|name| &*name.to_owned().leak()).collect()
}

/// A name is a name: it closes no quote, no fence and no block, and turns up unchanged.
#[test]
fn hostile_names_stay_names() {
    for name in [
        "a\"b\\c",
        "\" }\n```\n\n```charter\nkernel { name \"other\" }\n```\n",
        "```charter\nkernel { }\n```",
        "} office \"x\" {",
        "<script>alert(1)</script>",
        "/* */ // name \"x\"",
        "# heading",
        "r#\"x\"#",
        "\\u{202e}",
        "Größe 名前 🌱",
        "{name} {{name}} $NAME %s",
        "-",
        "' OR 1=1 --",
    ] {
        let place = Place::empty();
        let ran = place.run(&["init", "home", "--template", "open-source", "--name", name]);
        if ran.code == 2 {
            assert!(!place.path("home").exists(), "{ran:?}");
            continue;
        }
        ran.ends(0);
        place.run(&["check", "home/kernel.md"]).quietly();
        let status = place.run(&["status", "home", "--json"]).ends(0).json();
        let said = status["name"].as_str().unwrap();
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(said, squeezed(name));
        let decisions = status["decisions"].as_array().unwrap();
        let names: Vec<&str> = decisions.iter().map(|one| one["decision"].as_str().unwrap()).collect();
        assert_eq!(names, decisions_of("plain"), "{status}");
        place.write("acts.jsonl", "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"1\"}");
        place.run(&["act", "home", "--file", "acts.jsonl"]).quietly();
        place.run(&["verify", "home"]).quietly();
    }
}

#[test]
fn mistakes_in_edited_documents_are_named_before_the_founding() {
    for (file, from, to) in [
        ("kernel.md", "\"USD\"", "\"XYZ\""),
        ("kernel.md", "donated(last month)", "donated(lst month)"),
        ("kernel.md", "```charter", "```"),
        ("constitution.md", "\"5 days\"", "\"5 dys\""),
        ("constitution.md", "office \"", "ofice \""),
    ] {
        let place = Place::unfounded();
        let path = format!("home/{file}");
        let text = place.read(&path);
        let line = text.lines().position(|line| line.contains(from)).unwrap() + 1;
        place.write(&path, text.replacen(from, to, 1));
        place.write("acts.jsonl", "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"1\"}");
        place.write("members.csv", "name,kind,joined\na,person,2020-01-01\n");
        for arguments in [
            &["act", "home", "--file", "acts.jsonl"][..],
            &["import", "members-csv", "members.csv", "--dir", "home"],
            &["status", "home", "--json"],
            &["update", "home", "--until", "2020-01-01"],
            &["serve", "home", "--listen", "127.0.0.1:0"],
        ] {
            // Without its fence the kernel is missing as a whole, which has no line of its own.
            let at = if to == "```" { format!("{file}:") } else { format!("{file}:{line}:") };
            place.run(arguments).fails(2, &at);
        }
        place.write(&path, &text);
        assert_eq!(place.run(&["status", "home", "--json"]).ends(0).json()["entries"], 0);
        place.run(&["act", "home", "--file", "acts.jsonl"]).quietly();
    }
}

#[test]
fn missing_or_unreadable_documents_are_bad_input() {
    let place = Place::unfounded();
    let kernel = place.read("home/kernel.md");
    std::fs::remove_file(place.path("home/kernel.md")).unwrap();
    place.run(&["status", "home"]).fails(2, "kernel.md");
    std::fs::create_dir(place.path("home/kernel.md")).unwrap();
    place.run(&["status", "home"]).fails(2, "kernel.md");
    std::fs::remove_dir(place.path("home/kernel.md")).unwrap();
    place.write("home/kernel.md", b"\xff\xfe\0k");
    place.run(&["status", "home"]).fails(2, "kernel.md");
    place.write("home/kernel.md", " ".repeat(2_000_000));
    place.run(&["status", "home"]).fails(2, "longer than");
    place.write("home/kernel.md", kernel);
    place.run(&["status", "home"]).quietly();
}

#[test]
fn rules_in_force_stay_and_the_difference_is_said() {
    let place = Place::founded();
    let kernel = place.read("home/kernel.md");
    let before = place.stand();
    for edited in [kernel.replace("20%", "90%"), "nonsense".to_owned(), String::new()] {
        place.write("home/kernel.md", edited);
        let ran = place.run(&["status", "home", "--json"]).ends(0).says("kernel.md` is not the text in force");
        assert_eq!(ran.json()["edited"][0], "kernel.md");
        assert_eq!(place.stand(), before);
        place.run(&["update", "home", "--until", "2020-01-01", "--json"]).ends(0).says("not the text in force");
    }
    std::fs::remove_file(place.path("home/kernel.md")).unwrap();
    place.run(&["status", "home"]).quietly();
    place.write("home/kernel.md", kernel);
    assert_eq!(place.run(&["status", "home", "--json"]).ends(0).json()["edited"], serde_json::json!([]));
    place.run(&["status", "home"]).quietly();
}
