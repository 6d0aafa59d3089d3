//! Each rule about rooms, kept and broken.

use serde_json::json;

use super::*;

fn workspace(packages: &[(&str, &[&str], Value)]) -> Value {
    let packages: Vec<Value> = packages
        .iter()
        .map(|(name, uses, licence)| {
            let dependencies: Vec<Value> = uses.iter().map(|used| json!({ "name": used, "kind": "dev" })).collect();
            json!({ "name": name, "manifest_path": format!("/x/crates/{name}/Cargo.toml"), "license": licence, "dependencies": dependencies })
        })
        .collect();
    json!({ "workspace_root": "/x", "packages": packages })
}

fn agpl() -> Value {
    json!(LICENCE)
}

#[test]
fn imports_go_one_way() {
    let kept = workspace(&[("quantity", &["jiff"], agpl()), ("charter", &["quantity", "kdl"], agpl())]);
    assert_eq!(check(&kept), []);

    let broken = workspace(&[("quantity", &["charter"], agpl()), ("charter", &["quantity"], agpl())]);
    let findings = check(&broken);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].path, "crates/quantity/Cargo.toml");
    assert!(findings[0].message.contains("`quantity` may not use `charter`"));
}

#[test]
fn bridges_cannot_hand_acts_in() {
    for room in ["host", "engine"] {
        let broken = workspace(&[("bridges", &[room], agpl()), (room, &[], agpl())]);
        assert_eq!(check(&broken).len(), 1, "{room}");
    }
}

#[test]
fn stand_ins_are_for_tests_alone() {
    let mut uses = workspace(&[("web", &["forge-double"], agpl()), ("forge-double", &[], agpl())]);
    assert_eq!(check(&uses), []);
    uses["packages"][0]["dependencies"][0]["kind"] = Value::Null;
    assert_eq!(check(&uses).len(), 1);
}

#[test]
fn a_new_room_must_be_placed() {
    let findings = check(&workspace(&[("cellar", &[], agpl())]));
    assert!(findings[0].message.contains("`cellar` is no known room"));
}

#[test]
fn every_room_has_the_licence() {
    assert_eq!(check_licence(&workspace(&[("quantity", &[], agpl())])), []);
    for licence in [json!("MIT"), Value::Null] {
        assert_eq!(check_licence(&workspace(&[("quantity", &[], licence)])).len(), 1);
    }
}

#[test]
fn rooms_are_listed_in_the_order_of_imports() {
    for (at, (room, allowed)) in ROOMS.iter().enumerate() {
        for used in *allowed {
            assert!(ROOMS[..at].iter().any(|(earlier, _)| earlier == used), "{room} uses {used}, which is below it");
        }
    }
}
