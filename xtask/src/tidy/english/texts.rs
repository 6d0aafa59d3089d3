//! The texts that people read, cut out of a file: paragraphs, list items, cells of tables, comments, messages.
//!
//! A text that goes over several lines is one text. Code, also between backticks, is left out.

use crate::source::{Prose, line_of, prose};

/// One paragraph, with the lines it comes from.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub words: String,
    /// Messages and pages have headings without a mark of their own: what does not end is one.
    pub may_be_heading: bool,
    /// From which byte of `words` on it is which line of the file.
    lines: Vec<(usize, usize)>,
}

impl Text {
    pub fn of_one_line(line: usize, words: &str) -> Text {
        let mut text = Text::default();
        text.push(line, words);
        text
    }

    pub fn line_of(&self, at: usize) -> usize {
        self.lines.iter().rev().find(|(start, _)| *start <= at).map_or(1, |(_, line)| *line)
    }

    fn push(&mut self, line: usize, words: &str) {
        if !self.words.is_empty() {
            self.words.push(' ');
        }
        self.lines.push((self.words.len(), line));
        self.words.push_str(words);
    }
}

/// Returns the texts of a file, by the end of its name. Files of other kinds have none.
pub fn texts_of(path: &str, content: &str) -> Vec<Text> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("rs" | "words") => rust(content),
        Some("md") => paragraphs(numbered(content)),
        Some("html") => page(content),
        Some("mjs" | "js" | "css") if !name.contains(".min.") => commented(content, &["//", "/*", "*"]),
        Some("py") => [commented(content, &["#"]), docstrings(content)].concat(),
        Some("toml" | "sh" | "yml") => commented(content, &["#"]),
        None => commented(content, &["#"]),
        Some(_) => Vec::new(),
    }
}

type Line<'a> = (usize, &'a str);

fn numbered(content: &str) -> impl Iterator<Item = Line<'_>> {
    content.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// Markdown, which comments are too.
fn paragraphs<'a>(lines: impl Iterator<Item = Line<'a>>) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    let mut current = Text::default();
    let mut fenced = false;
    for (number, line) in lines {
        let line = line.trim();
        let fence = line.starts_with("```");
        let (item, words) = without_bullet(line);
        let row = line.starts_with('|');
        if fence || fenced || row || item || line.is_empty() || line.starts_with('#') {
            texts.push(std::mem::take(&mut current));
        }
        fenced ^= fence;
        if line.starts_with("|-") || line.starts_with("| -") {
            // The row above heads the table.
            texts.retain(|text| text.line_of(0) + 1 != number);
        } else if row && !fenced {
            texts.extend(line.split('|').map(|cell| Text::of_one_line(number, &without_code(cell.trim()))));
        } else if !fence && !fenced && !line.is_empty() && !line.starts_with('#') {
            current.push(number, words);
        }
    }
    texts.push(current);
    texts.retain(|text| !text.words.is_empty());
    for text in &mut texts {
        text.words = without_code(&text.words);
    }
    texts
}

/// Returns whether the line begins an item of a list or a quotation, and its words.
fn without_bullet(line: &str) -> (bool, &str) {
    let after_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = if after_number.len() < line.len() { after_number.strip_prefix(". ") } else { None };
    match rest.or_else(|| ["- ", "* ", "> "].iter().find_map(|bullet| line.strip_prefix(bullet))) {
        Some(words) => (true, words),
        None => (false, line),
    }
}

/// Returns the same text with each letter between backticks replaced; its length in bytes stays.
fn without_code(text: &str) -> String {
    let mut inside = false;
    let mut kept = String::with_capacity(text.len());
    for character in text.chars() {
        inside ^= character == '`';
        if inside && character.is_ascii() { kept.push('`') } else { kept.push(character) }
    }
    // An odd backtick hides nothing.
    if inside { text.to_owned() } else { kept }
}

/// Comments and literals. Comments of one kind on lines that follow each other are one.
fn rust(content: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut block: Vec<Line<'_>> = Vec::new();
    let (mut marker, mut end) = ("", 0);
    for (kind, range) in prose(content) {
        let number = line_of(content, range.start);
        let passage = &content[range.clone()];
        if kind == Prose::Literal {
            let mut found = paragraphs(literal(number, passage).into_iter());
            found.iter_mut().for_each(|text| text.may_be_heading = true);
            texts.extend(found);
            continue;
        }
        let own = ["//!", "///", "//", "/*"].into_iter().find(|own| passage.starts_with(own)).unwrap_or_default();
        let follows = own == marker && content[end..range.start].trim().is_empty();
        if !follows {
            texts.extend(paragraphs(block.drain(..)));
        }
        (marker, end) = (own, range.end);
        block.extend(passage[own.len()..].lines().enumerate().map(|(index, line)| (number + index, line)));
    }
    texts.extend(paragraphs(block.into_iter()));
    texts
}

/// Returns the lines of a string, as it is when the program runs.
fn literal(number: usize, passage: &str) -> Vec<Line<'_>> {
    let inside = passage.trim_start_matches('r').trim_matches('#').trim_matches('"');
    let lines = inside.lines().enumerate().map(|(index, line)| (number + index, line.trim_end_matches('\\')));
    lines.flat_map(|(number, line)| line.split("\\n").map(move |part| (number, part))).collect()
}

/// Lines that begin with one of `markers`; those that follow each other are one text.
fn commented(content: &str, markers: &[&str]) -> Vec<Text> {
    let comment = |line: &str| {
        let line = line.trim_start();
        !line.starts_with("#!/") && markers.iter().any(|marker| line.starts_with(marker))
    };
    let words = |line| str::trim(line).trim_start_matches(['#', '/', '*', '!']).trim_end_matches("*/");
    // A line of code ends a text as an empty one does.
    let lines = content.lines().enumerate();
    paragraphs(lines.map(|(index, line)| (index + 1, if comment(line) { words(line) } else { "" })))
}

fn docstrings(content: &str) -> Vec<Text> {
    let mut inside = false;
    let mut lines = Vec::new();
    for (number, line) in numbered(content) {
        for (index, part) in line.split("\"\"\"").enumerate() {
            inside ^= index > 0;
            lines.push((number, if inside { part } else { "" }));
        }
    }
    paragraphs(lines.into_iter().filter(|(_, line)| !line.is_empty()))
}

/// Texts between tags that begin or end a block, and the literals that template expressions hand to macros.
fn page(content: &str) -> Vec<Text> {
    const INLINE: &[&str] =
        &["a", "b", "i", "em", "strong", "code", "span", "small", "abbr", "time", "br", "sup", "sub"];
    const READ: &[&str] = &["title=\"", "alt=\"", "aria-label=\"", "placeholder=\"", "description\" content=\""];
    let mut texts = Vec::new();
    let mut current = Text::default();
    let mut at = 0;
    while at < content.len() {
        let number = line_of(content, at);
        let rest = &content[at..];
        let closing = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")].into_iter().find(|(open, _)| rest.starts_with(open));
        // Expressions come first, since a tag may hold them, and they may hold a `<`.
        if let Some((open, close)) = closing {
            let end = rest.find(close).map_or(rest.len(), |end| end + close.len());
            texts.extend(rest[..end].split('"').skip(1).step_by(2).map(|words| Text::of_one_line(number, words)));
            if open == "{{" {
                current.push(number, "x");
            }
            at += end;
        } else if rest.starts_with('<') {
            let end = end_of_tag(rest);
            let tag = &rest[..end];
            let name = tag.trim_start_matches(['<', '/']);
            let name = &name[..name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len())];
            if !INLINE.contains(&name) {
                texts.push(std::mem::take(&mut current));
            }
            let values = READ.iter().filter_map(|key| tag.split_once(key)?.1.split('"').next());
            texts.extend(values.map(|words| Text::of_one_line(number, words)));
            // Code is not read as English; within a sentence it is a word of it.
            let code = (tag.starts_with("<code") || tag.starts_with("<pre")).then(|| rest.find(&format!("</{name}>")));
            if let (Some(Some(_)), "code") = (code, name) {
                current.push(number, "x");
            }
            at += code.flatten().unwrap_or(end);
        } else {
            let end = rest
                .find(['<', '{'])
                .filter(|end| *end > 0)
                .unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
            for (index, line) in rest[..end].lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                current.push(number + index, line.trim());
            }
            at += end;
        }
    }
    texts.push(current);
    texts.iter_mut().for_each(|text| text.may_be_heading = true);
    texts
}

/// Returns the byte after the `>` of a tag; one inside a template's expression does not end it.
fn end_of_tag(rest: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    rest.len()
}
