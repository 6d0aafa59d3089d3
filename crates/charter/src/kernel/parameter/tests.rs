//! Numbers that a kernel leaves to the constitution: reading, meaning, differences and mistakes. Not what they count for.

use crate::edition::Edition;
use crate::kernel::tests::kernel_with;
use crate::{Kernel, Rules, diff, explain_constitution, explain_kernel, read_constitution, read_constitution_below};

const HALF_LIFE: &str = r#"parameter "half-life" default="1 year" from="90 days" to="5 years"
    class "patrons" { weight "faded(donated, half-life) / 1 USD" }"#;

fn kernel(lines: &str) -> Kernel {
    kernel_with(lines, Edition::THREE).unwrap_or_else(|why| panic!("{lines}: {why:?}"))
}

fn rules(kernel: &Kernel, text: &str) -> Rules {
    Rules::new(kernel.clone(), read_constitution(text, kernel).unwrap_or_else(|why| panic!("{text}: {why:?}")))
}

/// The value of the class's formula, with these sums of its sources.
fn weight(rules: &Rules, given: &[i128]) -> u64 {
    rules.kernel.class("patrons").unwrap().weight.weight(given)
}

#[test]
fn a_constitution_sets_a_number_of_the_kernel() {
    let kernel = kernel(HALF_LIFE);
    let source = |rules: &Rules| format!("{:?}", rules.kernel.class("patrons").unwrap().weight.sources);
    let year = 365_u64 * 86_400 * 1_000_000;
    let (plain, set) = (rules(&kernel, ""), rules(&kernel, "set \"half-life\" \"2 years\""));
    assert!(source(&plain).contains(&format!("half_life_us: {year}")), "{}", source(&plain));
    assert!(source(&set).contains(&format!("half_life_us: {}", 2 * year)), "{}", source(&set));
    // Its text is what was written; two values make two formulas.
    let formula = |rules: &Rules| rules.kernel.class("patrons").unwrap().weight.clone();
    assert_eq!(formula(&plain).text(), formula(&set).text());
    assert!(!formula(&plain).is_same(&formula(&set)));
    assert_eq!(formula(&set).with_values(), "faded(donated, half-life) / 1 USD; half-life 2 years");
    // Another constitution that sets nothing takes the default.
    let back = set.with_document("constitution", "").unwrap();
    assert!(formula(&back).is_same(&formula(&plain)));
}

#[test]
fn a_value_counts_in_formulas_and_in_times_of_clauses() {
    let kernel = kernel(
        r#"parameter "price" default="5 USD" from="1 USD" to="20 USD"
        parameter "share" default="20%" from="5%" to="50%"
        parameter "wage" default="20 USD per hour" from="10 USD per hour" to="60 USD per hour"
        parameter "settling" default="14 days" from="7 days" to="60 days"
        class "patrons" { weight "share * (donated(last month) + wage * hours(last month)) / price" }"#,
    );
    let pico = 1_000_000_000_000_i128;
    // 40.00 USD and two hours at 20 USD are 80 USD: a fifth of it, 16 USD, is 3.2 prices of 5 USD.
    let given = [4_000 * pico, 7_200 * pico];
    assert_eq!(weight(&rules(&kernel, ""), &given), 3_200_000);
    // At 2 USD a price it is 8; at half and 10 USD an hour 30 USD are 15.
    assert_eq!(weight(&rules(&kernel, "set \"price\" \"2 USD\""), &given), 8_000_000);
    let text = "set \"price\" \"2 USD\"; set \"share\" \"50%\"; set \"wage\" \"10 USD per hour\"";
    assert_eq!(weight(&rules(&kernel, text), &given), 15_000_000);
    let clauses = "set \"settling\" \"21 days\"\noffice \"a\" { settles-in \"settling\"; nominated-by \"share\" }\nranking \"b\" { close-after \"settling\" }\nconstitution \"in\" { electorate \"patrons\" }";
    let own = rules(&kernel, clauses);
    let terms = own.constitution.clause("a").unwrap().terms().unwrap().clone();
    assert_eq!((terms.settles_in.seconds(), terms.nominated_by_ppm), (21 * 86_400, 200_000));
    // One inside names them too, and sets none.
    let above = own.above("in").unwrap();
    let inside = read_constitution_below("office \"c\" { settles-in \"settling\" }", &above).unwrap();
    assert_eq!(inside.clause("c").unwrap().terms().unwrap().settles_in.seconds(), 21 * 86_400);
    let no = read_constitution_below("set \"settling\" \"30 days\"", &above).unwrap_err();
    assert_eq!((no.len(), no[0].code), (1, "C049"));
}

#[test]
fn what_may_be_set_is_explained_and_compared() {
    let kernel = kernel(HALF_LIFE);
    let told = explain_kernel(&kernel, None);
    let told = &told.iter().find(|one| one.name == "parameters").unwrap().sentences;
    assert_eq!(
        *told,
        [
            "The constitution may set the half life, from 90 days to 5 years.",
            "Where it sets none, the half life is 1 year."
        ]
    );
    let (plain, set) = (rules(&kernel, ""), rules(&kernel, "set \"half-life\" \"2 years\""));
    let explained = explain_constitution(&set.constitution, &set.kernel, None);
    assert_eq!(explained[0].name, "numbers");
    assert_eq!(
        explained[0].sentences,
        [
            "The half life is 2 years. The kernel lets the constitution set it from 90 days to 5 years; where none is set, it is 1 year."
        ]
    );
    let sentences =
        |from: &Rules, to: &Rules| diff(from, to).into_iter().map(|effect| effect.sentence).collect::<Vec<String>>();
    let told = sentences(&plain, &set);
    assert_eq!(told[0], "The half life would be 2 years instead of 1 year.");
    assert!(told[1].starts_with("The patrons would weigh") && told[1].contains("fades by half in 2 years"), "{told:?}");
    let none = rules(
        &kernel_with("class \"patrons\" { weight \"faded(donated, half-life 1 year) / 1 USD\" }", Edition::THREE)
            .unwrap(),
        "",
    );
    assert_eq!(
        sentences(&none, &plain),
        ["The constitution could set the half life, from 90 days to 5 years; where it sets none, it would be 1 year."]
    );
    assert_eq!(sentences(&plain, &none), ["The constitution could not set the half life any more."]);
}

#[test]
fn each_mistake_names_its_way_out() {
    let told = |lines: &str| {
        let found = kernel_with(lines, Edition::THREE).err().unwrap_or_default();
        found.iter().map(ToString::to_string).collect::<Vec<String>>().join("\n")
    };
    let class = "class \"patrons\" { weight \"faded(donated, half-life 1 year) / 1 USD\" }";
    for (line, wanted) in [
        (
            "parameter \"x\" default=\"1 year\" from=\"90 days\" to=\"5 USD\"",
            "C089 other-unit: `to` is USD, and the default of `x` is a length of time",
        ),
        (
            "parameter \"x\" default=\"1 day\" from=\"90 days\" to=\"1 year\"",
            "C090 default-outside-limits: the default of `x` is outside of its own limits, 90 days to 1 year",
        ),
        (
            "parameter \"x\" default=\"1 year\" from=\"2 years\" to=\"90 days\"",
            "C090 default-outside-limits: `x` would be 2 years at least and 90 days at most",
        ),
        (
            "parameter \"x\" default=\"1 year\" from=\"90 days\"",
            "C007 field-missing: `parameter` has no `to`; write `to=\"5 years\"`",
        ),
        (
            "parameter \"patrons\" default=\"1\" from=\"1\" to=\"2\"",
            "C013 name-taken: there is a class `patrons` already",
        ),
        (
            "parameter \"donated\" default=\"1\" from=\"1\" to=\"2\"",
            "C013 name-taken: `donated` is a word of formulas already",
        ),
        (
            "parameter \"months\" default=\"1\" from=\"1\" to=\"2\"",
            "C013 name-taken: `months` is a word of formulas already",
        ),
        ("parameter \"x\" default=\"soon\" from=\"1\" to=\"2\"", "C022 formula-syntax: a number is missing"),
        ("parameter \"x\" default=\"1 EUR\" from=\"1 USD\" to=\"2 USD\"", "C019 other-currency"),
    ] {
        let told = told(&format!("{line}\n{class}"));
        assert!(told.contains(wanted) && told.matches('\n').count() == 0, "{line}: {told}");
    }
    // A value between the limits is never a mistake: each limit is tried.
    let short = HALF_LIFE.replace("90 days", "30 minutes");
    assert!(
        told(&short).contains("C032 bad-half-life: a half-life is between 1 hour and 100 years"),
        "{}",
        told(&short)
    );
    let money = "parameter \"half-life\" default=\"5 USD\" from=\"1 USD\" to=\"9 USD\"\nclass \"patrons\" { weight \"faded(donated, half-life) / 1 USD\" }";
    assert!(
        told(money).contains("C012 unit-mismatch: a half-life is a length of time, and `half-life` is USD"),
        "{}",
        told(money)
    );
    let near = "parameter \"price\" default=\"5 USD\" from=\"1 USD\" to=\"9 USD\"\nclass \"patrons\" { weight \"donated(last month) / prise\" }";
    assert!(told(near).contains("`prise` means nothing on its own; did you mean `price`?"), "{}", told(near));
    // Before edition 3 there is no such word.
    let before = kernel_with(HALF_LIFE, Edition::TWO).unwrap_err();
    assert!(before.iter().any(|one| one.code == "C006"), "{before:?}");
    let unused = kernel(&format!("parameter \"x\" default=\"1 USD\" from=\"1 USD\" to=\"5 USD\"\n{class}"));
    assert_eq!(unused.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["C091"]);
}

#[test]
fn a_constitution_sets_what_it_may_and_no_more() {
    let kernel = kernel(HALF_LIFE);
    for (text, wanted) in [
        (
            "set \"half-live\" \"1 year\"",
            "C087 unknown-parameter: the kernel leaves no number `half-live` to the constitution; did you mean `half-life`?",
        ),
        (
            "set \"half-life\" \"89 days\"",
            "C088 outside-its-limits: the kernel lets the constitution set `half-life` from 90 days to 5 years; another kernel can have other limits",
        ),
        ("set \"half-life\" \"1826 days\"", "C088 outside-its-limits"),
        (
            "set \"half-life\" \"5 USD\"",
            "C089 other-unit: `half-life` is a length of time, and this is USD; write it as in `1 year`",
        ),
        ("set \"half-life\" \"1 year\"\nset \"half-life\" \"2 years\"", "2:1: C008 field-twice"),
        ("set \"half-life\"", "C007 field-missing"),
        ("set \"half-life\" 2", "C009 wrong-kind-of-value"),
        ("set \"half-life\" \"1 year\" \"2 years\"", "C010 unexpected-value"),
        ("set \"half-life\" \"1 year\" by=\"me\"", "C006 unknown-field"),
        (
            "office \"a\" { settles-in \"half-life\"; nominated-by \"half-life\" }",
            "C089 other-unit: `half-life` is no percentage: it is 1 year",
        ),
        (
            "parameter \"x\" default=\"1\" from=\"1\" to=\"2\"",
            "C049 outside-jurisdiction: a constitution cannot decide `parameter`",
        ),
    ] {
        let found = read_constitution(text, &kernel).err().unwrap_or_default();
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(told.len() == 1 && told[0].contains(wanted), "{text}: {told:?}");
    }
    for text in ["set \"half-life\" \"90 days\"", "set \"half-life\" \"5 years\"", "set \"half-life\" \"1825 days\""] {
        assert!(read_constitution(text, &kernel).is_ok(), "{text}");
    }
    let two = kernel_with("class \"patrons\" { weight \"1\" }", Edition::TWO).unwrap();
    let found = read_constitution("set \"half-life\" \"1 year\"", &two).unwrap_err();
    assert_eq!(found[0].code, "C005");
}
