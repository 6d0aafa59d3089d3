//! Writes nodes as oddly as the form allows.

use super::{Node, Spread, Value};

/// The document: bare KDL, or Markdown with its rules in one or more blocks.
pub fn write(nodes: &[Node], random: &mut Spread) -> String {
    let mut text = String::new();
    match random.once_in(2) {
        true => {
            let mut writer = Writer { out: String::new(), random };
            writer.nodes(nodes);
            text.push_str(&writer.out);
        }
        false => {
            text.push_str(random.one_of(&["# Rules\n\n", "\u{feff}#  \n\tProse  \n", "Prose\n"]));
            let (first, second) = nodes.split_at(random.below(nodes.len() + 1));
            for part in [first, second] {
                let (open, close) = random.one_of(&[
                    ("```charter\n", "```\n"),
                    ("  ~~~~ charter x y\n", "~~~~~  \n"),
                    ("   ```charter\n", "````"),
                    ("~~~charter\n", "~~~\n\n```kdl\nnot { these\n```\n  trailing  \n\n"),
                ]);
                text.push_str(open);
                let mut writer = Writer { out: String::new(), random };
                writer.nodes(part);
                text.push_str(&writer.out);
                text.push('\n');
                text.push_str(close);
                text.push('\n');
            }
        }
    }
    if random.once_in(5) { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
}

struct Writer<'r> {
    out: String,
    random: &'r mut Spread,
}

impl Writer<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        self.between();
        for node in nodes {
            if self.random.once_in(12) {
                self.out.push_str("/-");
                self.maybe(" ¦¦\n");
                self.node(&Node { name: "dropped", ..node.clone() });
                self.maybe("\n¦;¦ // c\n");
            }
            self.between();
            self.node(node);
            self.maybe("\n¦\n¦\n¦;¦ ; ¦ // c \n¦\n\n\n¦ /* c */\n¦ \\ // c\n\n¦ /* c */ // d\n");
        }
        self.between();
    }

    fn node(&mut self, node: &Node) {
        self.name(node.name);
        for (name, value) in &node.entries {
            self.space();
            if self.random.once_in(12) {
                self.maybe("/-x¦/- \"a\"¦/-b=5");
                self.space();
            }
            if let Some(name) = name {
                self.name(name);
                self.maybe("=¦=¦ = ¦/* c */=¦=/*\n*/ ");
            }
            match value {
                Value::Text(text) => self.text(text),
                Value::Number(number) => self.out.push_str(&number.to_string()),
            }
        }
        if self.random.once_in(20) {
            self.space();
            self.maybe("/-{}¦/- { a; b }¦/-{ a { b { // c\n} }; }");
        }
        if !node.children.is_empty() || self.random.once_in(10) {
            self.maybe(" ¦ ¦¦ \\\n  ¦ /* c */ ");
            self.out.push('{');
            self.maybe("¦\n¦ ¦ // c\n¦\n\n¦;");
            self.nodes(&node.children);
            self.out.push('}');
        }
    }

    /// One of the choices, which are apart by `¦`.
    fn maybe(&mut self, choices: &str) {
        let choices: Vec<&str> = choices.split('¦').collect();
        self.out.push_str(self.random.one_of(&choices));
    }

    /// Writes something that is allowed between nodes.
    fn between(&mut self) {
        self.maybe(
            "¦¦¦ ¦\n¦\t¦\n\n\n¦;¦// own line\n¦/* a /* b */ c */¦\n/* two  \n   lines \t\n    ```x */ ¦\\\n¦\
                \\ // c\n¦\n\n// c\n\n",
        );
    }

    /// Writes something that is allowed between values.
    fn space(&mut self) {
        self.maybe(
            " ¦ ¦ ¦  ¦\t¦\u{3000}¦ /* c */ ¦/* c\n\n  d */¦ \\\n¦ \\ // c \n  ¦ \\ \n \\ // d\n¦ /**/ \\\n /* e */ ",
        );
    }

    fn name(&mut self, name: &str) {
        match self.random.below(6) {
            0 => self.out.push_str(&format!("\"{name}\"")),
            1 => self.out.push_str(&format!("#\"{name}\"#")),
            2 => self.escaped(name),
            _ => self.out.push_str(name),
        }
    }

    fn text(&mut self, text: &str) {
        let bare = text.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
            && text.starts_with(|first: char| first.is_alphabetic());
        let raw = !text.contains(['\n', '\r']) && !text.contains("\"#") && !text.contains("\"\"\"");
        match self.random.below(6) {
            0 if bare => self.out.push_str(text),
            1 if raw => self.out.push_str(&format!("##\"{text}\"##")),
            2 if !text.contains('\t') => self.lines(text),
            3 => self.escaped(text),
            _ => self.plain(text),
        }
    }

    fn plain(&mut self, text: &str) {
        let inner = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        self.out.push_str(&format!("\"{inner}\""));
    }

    /// Every few letters as an escape.
    fn escaped(&mut self, text: &str) {
        self.out.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                ' ' if self.random.once_in(2) => self.out.push_str("\\s"),
                other if self.random.once_in(4) => self.out.push_str(&format!("\\u{{{:X}}}", u32::from(other))),
                other => self.out.push(other),
            }
        }
        self.out.push('"');
    }

    /// On several lines, with an indent of its own.
    fn lines(&mut self, text: &str) {
        let indent = self.random.one_of(&["", "  ", "\t", "        "]);
        self.out.push_str("\"\"\"\n");
        for line in text.split('\n') {
            let inner = line.replace('\\', "\\\\").replace('"', "\\\"");
            let visible = inner.trim_end_matches(' ');
            let spaces = "\\s".repeat(inner.len() - visible.len());
            self.out.push_str(&format!("{indent}{visible}{spaces}\n"));
        }
        self.out.push_str(&format!("{indent}\"\"\""));
    }
}
