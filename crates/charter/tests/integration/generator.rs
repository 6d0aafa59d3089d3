//! Documents made at random from a fixed seed: valid rules over all clauses, written as oddly as KDL and Markdown allow.

mod rules;
mod writer;

pub use rules::{constitution, kernel};
pub use writer::write;

/// A clause or field to be written.
#[derive(Clone, Debug)]
pub struct Node {
    pub name: &'static str,
    pub entries: Vec<(Option<&'static str>, Value)>,
    pub children: Vec<Node>,
}

#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Number(u32),
}

/// Numbers that look random and are the same in every run.
pub struct Spread(pub u64);

impl Spread {
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % count.max(1) as u64) as usize
    }

    /// True once in so many times.
    pub fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

impl Node {
    pub fn new(name: &'static str) -> Node {
        Node { name, entries: Vec::new(), children: Vec::new() }
    }

    pub fn text(mut self, value: impl Into<String>) -> Node {
        self.entries.push((None, Value::Text(value.into())));
        self
    }

    pub fn beside(mut self, name: &'static str, value: impl Into<String>) -> Node {
        self.entries.push((Some(name), Value::Text(value.into())));
        self
    }

    pub fn number(mut self, name: &'static str, value: u32) -> Node {
        self.entries.push((Some(name), Value::Number(value)));
        self
    }

    pub fn child(mut self, child: Node) -> Node {
        self.children.push(child);
        self
    }
}
