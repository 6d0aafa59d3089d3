//! Jurisdiction: a constitution passes on no more than it was given.

use crate::clause::tests::{below, codes_below as codes, granting, kernel, read};
use crate::clause::{Clause, ClauseKind, Delegation, InnerConstitution};
use crate::kernel::{Counting, Grant};
use crate::{Above, read_constitution, read_constitution_below};

#[test]
fn an_electorate_lies_within_every_one_above() {
    let team = "constitution \"team\" { electorate \"contributors\" }";
    let wide = "constitution \"team\"";
    let read = |parts: &[&str]| below(parts, &kernel()).unwrap().clauses[0].electorate.clone();
    assert_eq!(read(&[wide, "document \"d\" settles-in=\"1 day\""]), [""; 0]);
    assert_eq!(read(&[team, "document \"d\" settles-in=\"1 day\""]), ["contributors"]);
    assert_eq!(read(&[team, wide, "ranking \"r\""]), ["contributors"], "inherited through two levels");
    let patrons = "ranking \"r\" electorate=\"patrons\"";
    assert_eq!(codes(&[wide, patrons]), "");
    assert_eq!(codes(&[team, patrons]), "C048");
    assert_eq!(codes(&[team, "constitution \"in\"", patrons]), "C048");
    assert_eq!(codes(&[team, "constitution \"in\" electorate=\"patrons\""]), "C048");
}

#[test]
fn only_what_was_given_is_given() {
    let office = |may: &str| format!("office \"o\" {{ settles-in \"1 day\"; {may} }}");
    let team = "constitution \"team\" { may \"merge\"; limits { spend \"100 USD per month\" } }";
    for (above, may, wanted) in [
        ("constitution \"team\"", "may \"merge\"", "C045"),
        (team, "may \"merge\"", ""),
        (team, "may \"merge\" \"publish\" \"admit\"", "C045 C045"),
        (team, "may \"spend\"", "C047"),
        (team, "may \"spend\" up-to=\"100 USD per month\"", ""),
        (team, "may \"spend\" up-to=\"100.01 USD per month\"", "C046"),
        (team, "limits { spend \"100 USD per year\" }", ""),
        (team, "limits { spend \"101 USD per year\" }", "C046"),
        (team, "limits { spend \"3.22 USD per day\" }", ""),
        (team, "limits { spend \"3.23 USD per day\" }", "C046"),
        (team, "limits { spend \"16.66 USD per week\" }", ""),
        (team, "limits { spend \"16.67 USD per week\" }", "C046"),
        ("constitution \"team\" { may \"spend\" }", "may \"spend\"", ""),
    ] {
        assert_eq!(codes(&[above, &office(may)]), wanted, "{above} {may}");
    }
    // A limit that cannot be read is one mistake, not two.
    assert_eq!(codes(&[team, &office("may \"spend\" up-to=\"much\"")]), "C040");
    assert_eq!(codes(&[team, &office("limits { spend \"much\" }")]), "C040");
    assert_eq!(codes(&[team, &office("may \"spend\"; limits { spend \"5 EUR per day\" }")]), "C019");
    // The middle one cannot give what it was not given, and what is given there counts below it.
    assert_eq!(codes(&[team, "constitution \"in\" { may \"publish\" }"]), "C045");
    assert_eq!(codes(&[team, "constitution \"in\" { may \"merge\" }", &office("may \"spend\"")]), "C045");
}

#[test]
fn limits_add_up_over_a_document() {
    let team = "constitution \"team\" { limits { spend \"100 USD per month\" } }";
    let three = |last: &str| {
        format!(
            "office \"a\" {{ settles-in \"1 day\"; limits {{ spend \"1 USD per day\" }} }}\nbody \"b\" seats=9 {{ settles-in \"1 day\"; may \"spend\" up-to=\"9 USD per month\" }}\nconstitution \"c\" {{ limits {{ spend \"{last} USD per week\" }} }}"
        )
    };
    assert_eq!(codes(&[team, &three("10")]), "", "31 + 9 + 60 = 100");
    let found = below(&[team, &three("10.01")], &kernel()).unwrap_err();
    assert_eq!((found[0].code, found[0].line, found.len()), ("C046", 3, 1));
    assert_eq!(
        found[0].why,
        "with this, 100.06 USD could be spent in one month, and `team` gives 100.00 USD per month"
    );
    let help = found[0].help.as_deref();
    assert_eq!(help, Some("one month can touch 6 weeks, and each of them has this limit"));
    // The first excess is reported once: later ones would only echo it.
    let twice = format!("{}\nconstitution \"d\" {{ limits {{ spend \"1 USD per year\" }} }}", three("11"));
    assert_eq!(codes(&[team, &twice]), "C046");
}

#[test]
fn the_kernel_bounds_its_constitution_too() {
    let kernel = granting("may \"merge\" \"spend\"; limits { spend \"100 USD per month\" }");
    let read = |text: &str| {
        let found = read_constitution(text, &kernel).err().unwrap_or_default();
        let codes: Vec<&str> = found.iter().map(|d| d.code).collect();
        codes.join(" ")
    };
    let office = |name: &str, may: &str| format!("office \"{name}\" {{ settles-in \"1 day\"; {may} }}\n");
    assert_eq!(read(&office("o", "may \"merge\"")), "");
    assert_eq!(read(&office("o", "may \"admit\" \"spend\"")), "C045 C047");
    let half = "limits { spend \"50 USD per month\" }";
    let two = [office("a", half), office("b", half)].concat();
    assert_eq!(read(&two), "");
    assert_eq!(read(&[two, office("c", half)].concat()), "C046");
    // Through a constitution that says nothing of its own limits the kernel's still hold.
    let all = Above::root(&kernel);
    let clause = Clause {
        name: "team".to_owned(),
        domain: None,
        kind: ClauseKind::Constitution(InnerConstitution {
            terms: kernel.constitution.clone(),
            grant: Grant::everything(),
        }),
        electorate: Vec::new(),
        counting: Counting::Quadratic,
        allowance: crate::Allowance::Shared,
        delegation: Delegation::Nobody,
        line: 1,
    };
    let found = read_constitution_below(&office("o", "may \"admit\""), &all.below(&clause));
    assert_eq!(found.unwrap_err()[0].code, "C045");
}

#[test]
fn sixteen_constitutions_stand_above_at_most() {
    let chain = |length: usize| -> Vec<&str> { vec!["constitution \"in\""; length] };
    assert_eq!(codes(&chain(16)), "");
    let mut deepest = chain(16);
    deepest.push("ranking \"r\"");
    assert_eq!(codes(&deepest), "");
    assert_eq!(codes(&chain(17)), "C025");
    let kernel = kernel();
    let clause = read("constitution \"in\"").unwrap().clauses[0].clone();
    let mut above = Above::root(&kernel);
    above.clauses = vec![&clause; 17];
    let found = read_constitution_below("ranking \"r\"", &above).unwrap_err();
    assert_eq!(found[0].code, "C025");
}

#[test]
fn the_kernel_s_own_stays_the_kernel_s() {
    let words = ["kernel", "class", "currency", "members", "amend", "fork", "time-zone", "updates"];
    for word in words {
        let found = read(&format!("{word} \"x\"")).unwrap_err();
        assert_eq!((found[0].code, found.len()), ("C049", 1), "{word}");
        assert!(found[0].help.is_some(), "{word}");
    }
}
