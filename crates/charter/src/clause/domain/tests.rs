//! Services of decisions: what they mean, and mistakes in them. Not who votes (`engine::chamber::electorate`).

use crate::edition::Edition;
use crate::{Kernel, Rules, explain_clause, read_constitution, read_constitution_below, read_kernel_under};

const CLASSES: &str = r#"class "eaters" { weight "purchased(last month) / 1 USD"; service "food" }
class "makers" { weight "hours(last month, of compute) / 1 hour" }
class "members" list="members" { weight "1"; kept-by "members" }"#;

fn kernel(classes: &str, more: &str) -> Result<Kernel, Vec<crate::Diagnostic>> {
    let text = format!(
        "kernel {{\n name \"x\"; purpose \"y\"; currency \"USD\"\n constitution {{ settles-in \"30 days\"; updates \"hourly\" }}\n{classes}\n{more} }}"
    );
    read_kernel_under(&text, Edition::THREE)
}

fn rules(text: &str) -> Rules {
    let kernel = kernel(CLASSES, "").unwrap();
    Rules::new(kernel.clone(), read_constitution(text, &kernel).unwrap_or_else(|why| panic!("{text}: {why:?}")))
}

#[test]
fn a_decision_counts_what_was_given_to_its_service() {
    let alone = rules("office \"cook\" { settles-in \"14 days\"; service \"food\" }");
    let cook = alone.constitution.clause("cook").unwrap();
    assert_eq!(cook.electorate, ["eaters"]);
    let told = explain_clause(cook, &alone.kernel, None);
    assert!(
        told.iter().any(|one| one == "It is about food: what members weigh as eaters counts here, and nothing else."),
        "{told:?}"
    );
    let more = rules("office \"cook\" { settles-in \"14 days\"; service \"food\" weighs=2 }");
    let cook = more.constitution.clause("cook").unwrap();
    assert!(cook.electorate.is_empty() && cook.domain.as_ref().unwrap().weighs == 2);
    let told = explain_clause(cook, &more.kernel, None);
    assert!(
        told.iter().any(|one| one == "It is about food: what members weigh as eaters counts 2 times here."),
        "{told:?}"
    );
    let none = rules("office \"cook\" { settles-in \"14 days\" }");
    let told = |from: &Rules, to: &Rules| {
        let effects = crate::diff(from, to).into_iter().map(|effect| effect.sentence);
        effects.collect::<Vec<String>>()
    };
    assert_eq!(told(&none, &more), ["On the cook, weight of what was given to food would count 2 times."]);
    assert_eq!(told(&more, &none), ["On the cook, what was given to food would count like all else."]);
    assert!(told(&none, &alone).contains(&"On the cook, only what was given to food would give weight.".to_owned()));
    assert_eq!(alone.kernel.services(), ["compute", "food"]);
}

#[test]
fn a_class_says_which_service_it_is_of() {
    let kernel = kernel(CLASSES, "").unwrap();
    let words = |class: &str| {
        let class = kernel.class(class).unwrap();
        class.weight.sources.iter().map(crate::Source::words).collect::<Vec<String>>().join(", ")
    };
    assert_eq!(words("eaters"), "purchased last month of food");
    assert_eq!(words("makers"), "worked last month of compute");
    let told = |classes: &str| {
        let found = self::kernel(classes, "").err().unwrap_or_default();
        found.iter().map(ToString::to_string).collect::<Vec<String>>().join("\n")
    };
    for (class, wanted) in [
        ("class \"a\" { weight \"1\"; service \"food\" }", "C092 service-misplaced: the weight reads nothing"),
        (
            "class \"a\" { weight \"pledged(next month) / 1 USD\"; service \"food\" }",
            "C092 service-misplaced: the weight reads pledges",
        ),
        (
            "class \"a\" { weight \"pledged(next month, of food) / 1 USD\" }",
            "C092 service-misplaced: `pledged` is a promise",
        ),
        ("class \"a\" { weight \"donated(last month) / 1 USD\"; service \"Food\" }", "C011 bad-name"),
        ("class \"a\" { weight \"donated(last month, of FOOD) / 1 USD\" }", "C011 bad-name"),
    ] {
        assert!(told(class).contains(wanted) && !told(class).contains('\n'), "{class}: {}", told(class));
    }
    // A fading sum names its service before its half-life.
    assert_eq!(told("class \"a\" { weight \"faded(donated, of food, half-life 1 year) / 1 USD\" }"), "");
    let before = read_kernel_under(
        "kernel { name \"x\"; purpose \"y\"; currency \"USD\"; class \"a\" { weight \"donated(ever, of food) / 1 USD\" }; constitution { settles-in \"30 days\"; updates \"hourly\" } }",
        Edition::TWO,
    );
    assert_eq!(before.unwrap_err()[0].code, "C022");
}

#[test]
fn a_service_is_that_of_a_class_that_votes() {
    let kernel = kernel(CLASSES, "").unwrap();
    let told = |text: &str, kernel: &Kernel| {
        let found = read_constitution(text, kernel).err().unwrap_or_default();
        found.iter().map(ToString::to_string).collect::<Vec<String>>().join("\n")
    };
    let clause = |fields: &str| format!("office \"cook\" {{ settles-in \"14 days\"; {fields} }}");
    for (fields, wanted) in [
        (
            "service \"fod\"",
            "C093 unknown-service: no class of the kernel is of the service `fod`; did you mean `food`?",
        ),
        ("service \"compute\"", "C093 unknown-service"),
        ("service \"food\"; electorate \"eaters\"", "C051 fields-clash"),
        ("service \"food\" weighs=4", "C014 out-of-range: `weighs` is from 2 to 3"),
        ("service \"food\" weighs=2; votes \"one-member\"", "C094 weighs-nothing"),
        ("service \"food\" weighs=2; electorate \"members\"", "C094 weighs-nothing: no class of `food` votes here"),
        ("service \"Food\"", "C011 bad-name"),
    ] {
        let told = told(&clause(fields), &kernel);
        assert!(told.contains(wanted) && !told.contains('\n'), "{fields}: {told}");
    }
    let held =
        self::kernel("class \"a\" { weight \"purchased(ever) / 1 USD\"; service \"food\"; control \"100%\" }", "")
            .unwrap();
    assert!(
        told(&clause("service \"food\" weighs=2"), &held)
            .contains("C094 weighs-nothing: `weighs` changes nothing where classes have a part")
    );
    // Below, only classes that vote above.
    let outer = read_constitution("constitution \"docs\" { electorate \"members\" }", &kernel).unwrap();
    let above = crate::Above::root(&kernel).below(&outer.clauses[0]);
    let found = read_constitution_below(&clause("service \"food\""), &above).unwrap_err();
    assert_eq!(found[0].code, "C048");
}
