//! Rules at random: every clause, every field, in any order.

use super::{Node, Spread};

const SPANS: [&str; 6] = ["14 days", "1 hour", "10 years", "2 weeks", "6 months", "36 hours"];
const RHYTHMS: [&str; 5] =
    ["hourly", "daily at 01:00", "weekly on monday at 01:00", "monday 07:00", "monthly on 1 at 01:00"];
const COUNTINGS: [&str; 4] = ["quadratic", "linear", "approval", "one-member"];
const POWERS: [&str; 7] = ["admit", "close-issue", "keep-list", "merge", "moderate", "publish", "release"];
const FORMULAS: [&str; 8] = [
    "1",
    "min(donated(last month), pledged(next month)) / 1 USD",
    "faded(purchased, half-life 1 year) / 1 USD",
    "hours(last month) / 1 hour",
    "if dues(last 12 months) + dues(this month) > 0 USD\nthen 1\n  else 0",
    "\n\nmax(1,\t2) \n \n+ 3\n",
    "if count(alpha) == 1 then 5 else contributed(last year)",
    "sqrt(donated(last month) / 1 USD)",
];
const PURPOSES: [&str; 5] = [
    "Keep \"plain text\" dependable",
    "C:\\new\\table é ü 漢字 #\"raw\"# \u{200d}",
    "/* not a comment */ // nor this /- nor this",
    "a\u{a0}b { } ; = ```",
    "\"\"\"",
];
pub const CLASSES: [&str; 3] = ["alpha", "beta", "gamma"];

pub fn kernel(random: &mut Spread) -> Vec<Node> {
    let mut fields = vec![
        Node::new("name").text("x"),
        Node::new("purpose").text(random.one_of(&PURPOSES)),
        Node::new("currency").text("USD"),
        Node::new("constitution")
            .child(Node::new("settles-in").text(random.one_of(&SPANS)))
            .child(Node::new("updates").text(random.one_of(&RHYTHMS))),
    ];
    let classes = 1 + random.below(CLASSES.len());
    let controlled = classes == 2 && random.once_in(3);
    for (place, name) in CLASSES.into_iter().take(classes).enumerate() {
        let formula = random.one_of(&FORMULAS);
        let mut class = Node::new("class").text(name);
        if random.once_in(2) || formula.contains("count(") {
            class = class.beside("list", "the-list");
        }
        if random.once_in(4) {
            class = class.child(Node::new("scale").text("sqrt"));
        }
        if controlled {
            class = class.child(Node::new("control").text(["30%", "70%"][place]));
        } else if place > 0 && random.once_in(3) {
            class = class.beside("at-most", "10%");
        }
        fields.push(class.child(Node::new("weight").text(formula)));
    }
    if random.once_in(2) {
        fields.push(Node::new("members").child(Node::new("cap").text("20%")));
    }
    if random.once_in(2) {
        fields.push(Node::new("votes").text(random.one_of(&COUNTINGS)));
    }
    if random.once_in(2) {
        let amendments = ["never", "2/3 of weight for 180 days", "75%  of weight and 1/2 of each class for 90 days"];
        fields.push(Node::new("amend").text(random.one_of(&amendments)));
    }
    if random.once_in(2) {
        fields.push(
            Node::new("fork")
                .beside("carries", "register rules")
                .beside("treasury", random.one_of(&["by head", "none"])),
        );
    }
    vec![shuffled(Node { children: fields, ..Node::new("kernel") }, random)]
}

pub fn constitution(classes: usize, random: &mut Spread) -> Vec<Node> {
    const NAMES: [&str; 6] = ["maintainer", "code-of-conduct", "straße", "e1", "a-b-c", "docs-team"];
    let mut clauses = Vec::new();
    for name in NAMES.into_iter().take(1 + random.below(4)) {
        clauses.push(clause(name, classes, random));
    }
    clauses
}

fn clause(name: &str, classes: usize, random: &mut Spread) -> Node {
    let clause = match random.below(8) {
        0 => powers(elected("office", name, classes, random), random),
        1 => powers(elected("body", name, classes, random), random).number("seats", 1 + random.below(100) as u32),
        2 => elected("document", name, classes, random),
        3 => ranking(name, random),
        4 => commitment(name, random),
        5 => pool(name, random),
        6 => {
            let until = ["400 USD per month", "2030-01-31", "1000 USD"];
            Node::new("release").text(name).child(Node::new("patrons-until").text(random.one_of(&until)))
        }
        _ => {
            let limits = Node::new("limits").child(Node::new("spend").text("100 USD per month"));
            elected("constitution", name, classes, random)
                .child(Node::new("may").text("publish").text("merge"))
                .child(limits)
        }
    };
    shuffled(clause, random)
}

fn elected(kind: &'static str, name: &str, classes: usize, random: &mut Spread) -> Node {
    let mut node = Node::new(kind).text(name);
    node = field(node, "settles-in", random.one_of(&SPANS), random);
    if random.once_in(3) {
        node = field(node, "nominated-by", random.one_of(&["2%", "0.01 %", "50%"]), random);
    }
    if random.once_in(3) {
        node = field(node, "changes", random.one_of(&RHYTHMS), random);
    }
    if random.once_in(3) {
        node = field(node, "votes", random.one_of(&COUNTINGS), random);
    }
    if random.once_in(3) {
        node = field(node, "delegation", random.one_of(&["allowed", "none"]), random);
    }
    if random.once_in(3) {
        let voters = CLASSES.into_iter().take(1 + random.below(classes));
        node = node.child(voters.fold(Node::new("electorate"), Node::text));
    }
    node
}

/// In the braces or beside the name.
fn field(node: Node, name: &'static str, value: &str, random: &mut Spread) -> Node {
    if random.once_in(3) { node.beside(name, value) } else { node.child(Node::new(name).text(value)) }
}

fn powers(mut node: Node, random: &mut Spread) -> Node {
    let given = POWERS.into_iter().filter(|_| random.once_in(3));
    let given: Vec<&str> = given.collect();
    for line in given.chunks(2) {
        node = node.child(line.iter().fold(Node::new("may"), |may, power| may.text(*power)));
    }
    if random.once_in(2) {
        node = node.child(Node::new("may").text("spend").beside("up-to", "50.5 USD per quarter"));
    }
    node
}

fn ranking(name: &str, random: &mut Spread) -> Node {
    let mut node = Node::new("ranking").text(name);
    if random.once_in(2) {
        node = node.beside("of", "forge");
    }
    if random.once_in(2) {
        let close = Node::new("close-after").text(random.one_of(&SPANS)).beside("floor", "0.5 votes");
        node = node.child(close);
    }
    if random.once_in(3) {
        node = node.child(Node::new("supply").text("8 hours per month")).beside("skip", "yes");
    }
    node
}

fn commitment(name: &str, random: &mut Spread) -> Node {
    let node = Node::new("commitment").text(name).beside("every", random.one_of(&["quarter", "year", "month"]));
    if random.once_in(2) { node.child(Node::new("default").text("carry the \"last\" budget over")) } else { node }
}

fn pool(name: &str, random: &mut Spread) -> Node {
    Node::new("pool")
        .text(name)
        .child(Node::new("fed-by").text("10% of donations"))
        .child(Node::new("match").text(random.one_of(&["quadratic", "scaled", "pairwise"])))
        .child(Node::new("every").text("month"))
}

/// The fields in another order, which means the same.
fn shuffled(mut node: Node, random: &mut Spread) -> Node {
    for last in (1..node.children.len()).rev() {
        node.children.swap(last, random.below(last + 1));
    }
    node
}
