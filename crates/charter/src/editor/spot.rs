//! Finds the context of a place in a document that is being written: its braces, node and value. It makes one pass over the
//! text before the place, and takes unfinished parts as they are.

use std::ops::Range;

use crate::document::fence;
use crate::kernel::SET;

/// The owner of the fields that the kernel's own `constitution` has; a clause of that word has others.
pub(crate) const OF_KERNEL: &str = "kernel constitution";

/// The context of a place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Spot {
    /// The nodes whose braces are open here, from the outside in: the word, and the name after it.
    pub(super) inside: Vec<(String, Option<String>)>,
    /// The word of the node that is being written.
    pub(super) node: Option<String>,
    /// The name after that word.
    pub(super) name: Option<String>,
    /// The word here is the first of its node.
    pub(super) begins_node: bool,
    /// The field whose text is open here.
    pub(super) value_of: Option<String>,
    /// The bytes of the word or text before the place.
    pub(super) partial: Range<usize>,
}

impl Spot {
    /// Finds the context of byte `at`; none outside of rules.
    pub(super) fn at(text: &str, at: usize) -> Option<Spot> {
        // Prose after a block of rules has no context.
        let block = blocks(text.get(..at)?).pop().filter(|block| block.end == at)?;
        let mut spot = Spot::default();
        let mut property: Option<String> = None;
        for token in Tokens::new(text, block) {
            let written = text.get(token.at.clone()).unwrap_or("");
            let reaches = token.at.end == at;
            match token.is {
                // The word under the cursor ends the search: it is completed itself.
                Is::Word if reaches => {
                    spot.begins_node = spot.node.is_none();
                    spot.partial = token.at;
                    return Some(spot);
                }
                Is::Word if spot.node.is_none() => spot.node = Some(written.to_owned()),
                Is::Word => property = Some(written.to_owned()),
                Is::OpenText => {
                    let field = property.or_else(|| spot.field());
                    let inner = token.at.start.saturating_add(1)..at;
                    spot.partial = match field.as_deref() {
                        Some("weight") => last_word(text, inner),
                        _ => inner,
                    };
                    // A text without a field is a name, which has no completion.
                    spot.value_of = Some(field.unwrap_or_default());
                    return Some(spot);
                }
                Is::Text => {
                    if property.take().is_none() && spot.name.is_none() {
                        spot.name = Some(written.trim_matches('"').to_owned());
                    }
                }
                Is::Open => {
                    let node = spot.node.take().unwrap_or_default();
                    spot.inside.push((node, spot.name.take()));
                }
                Is::Close => {
                    spot.inside.pop();
                    (spot.node, spot.name) = (None, None);
                }
                // Comments have no words to complete.
                Is::Comment if reaches => return None,
                Is::Comment => {}
                Is::End => (spot.node, spot.name, property) = (None, None, None),
            }
        }
        spot.begins_node = spot.node.is_none();
        spot.partial = at..at;
        Some(spot)
    }

    /// Returns the node whose braces are nearest around the place.
    pub(super) fn parent(&self) -> Option<&str> {
        let (last, around) = self.inside.split_last()?;
        Some(owner(&last.0, around.last()))
    }

    /// Returns the node that is being written.
    pub(super) fn node(&self) -> Option<&str> {
        let node = self.node.as_deref()?;
        Some(owner(node, self.inside.last()))
    }

    /// Returns the field of a text without a property's name; none where the text names the node.
    fn field(&self) -> Option<String> {
        let node = self.node.as_deref()?;
        let is_name = (self.inside.is_empty() || node == "class" || node == "parameter") && self.name.is_none();
        let is_name = is_name && node != SET;
        (!is_name).then(|| node.to_owned())
    }

    /// Returns the name of the clause or class around a word.
    pub(super) fn clause(&self, text: &str, word: &Range<usize>) -> Option<String> {
        let around = self.inside.iter().rev().find_map(|(_, name)| name.clone());
        let is_name = self.value_of.as_deref() == Some("");
        let written = || text.get(word.clone()).map(str::to_owned);
        let own = if is_name { written() } else { self.name.clone() };
        let after = || spot_name_after(text, word.end);
        own.or_else(|| if self.begins_node { after() } else { None }).or(around)
    }
}

/// Returns the word by which a node's fields are known, in the node around it.
fn owner<'n>(node: &'n str, around: Option<&(String, Option<String>)>) -> &'n str {
    let in_kernel = around.is_some_and(|(around, _)| around == "kernel");
    match node {
        "constitution" if in_kernel => OF_KERNEL,
        node => node,
    }
}

/// Returns the text right after a node's word, on the same line: its name.
fn spot_name_after(text: &str, at: usize) -> Option<String> {
    let rest = text.get(at..)?.lines().next()?.trim_start();
    let (name, _) = rest.strip_prefix('"')?.split_once('"')?;
    Some(name.to_owned())
}

/// Returns the names after every node with this word.
pub(super) fn named(text: &str, word: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut after_word = false;
    for token in blocks(text).into_iter().flat_map(|block| Tokens::new(text, block)) {
        let written = text.get(token.at).unwrap_or("");
        if after_word && token.is == Is::Text {
            names.push(written.trim_matches('"').to_owned());
        }
        after_word = token.is == Is::Word && written == word;
    }
    names
}

/// Returns the word around byte `at`, or right before it.
pub(super) fn word_at(text: &str, at: usize) -> Option<Range<usize>> {
    let before = text.get(..at)?;
    let start = before
        .len()
        .saturating_sub(before.chars().rev().take_while(|letter| is_word(*letter)).map(char::len_utf8).sum());
    let after: usize = text.get(at..)?.chars().take_while(|letter| is_word(*letter)).map(char::len_utf8).sum();
    let end = at.saturating_add(after);
    (start < end).then_some(start..end)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-'
}

/// Returns the word at the end of a formula that is being written.
fn last_word(text: &str, inner: Range<usize>) -> Range<usize> {
    let written = text.get(inner.clone()).unwrap_or("");
    let length: usize = written.chars().rev().take_while(|letter| is_word(*letter)).map(char::len_utf8).sum();
    inner.end.saturating_sub(length)..inner.end
}

/// Returns the blocks of rules, the last perhaps unclosed, or the whole of a text that has no fence and is no Markdown.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut open: Option<(char, usize, Option<usize>)> = None;
    let (mut place, mut fenced) = (0_usize, false);
    for line in text.split_inclusive('\n') {
        let next = place.saturating_add(line.len());
        match (open, fence(line)) {
            (None, Some((sign, length, info))) => {
                fenced = true;
                let rules = info.split_whitespace().next() == Some("charter");
                open = Some((sign, length, rules.then_some(next)));
            }
            (Some((sign, length, rules)), Some((closing, count, ""))) if closing == sign && count >= length => {
                blocks.extend(rules.map(|start| start..place));
                open = None;
            }
            _ => {}
        }
        place = next;
    }
    let bare = (!fenced && !is_markdown(text)).then_some(0);
    let last = open.map_or(bare, |(_, _, rules)| rules);
    blocks.extend(last.map(|start| start..text.len()));
    blocks
}

fn is_markdown(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with("# ")
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Is {
    Word,
    Text,
    /// A text without its closing quote.
    OpenText,
    Open,
    Close,
    /// A node ends: `;` or a line's end.
    End,
    Comment,
}

struct Token {
    is: Is,
    at: Range<usize>,
}

/// The words, texts and signs of rules. Signs without a meaning here, such as `=`, are passed over.
struct Tokens<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Tokens<'t> {
    fn new(text: &'t str, within: Range<usize>) -> Tokens<'t> {
        Tokens { text, at: within.start, end: within.end }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    /// Passes `length` bytes and returns their place.
    fn take(&mut self, length: usize) -> Range<usize> {
        let start = self.at;
        self.at = start.saturating_add(length).min(self.end);
        start..self.at
    }

    /// Reads a text from its opening quote. Only a text at the very end stays open.
    fn text(&mut self) -> Token {
        let rest = self.rest();
        let mut escaped = false;
        for (place, letter) in rest.char_indices().skip(1) {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let at = self.take(place.saturating_add(1));
                    return Token { is: Is::Text, at };
                }
                // A text without its closing quote must not swallow the lines after it.
                '\n' => {
                    let at = self.take(place);
                    return Token { is: Is::Text, at };
                }
                _ => {}
            }
        }
        let at = self.take(rest.len());
        Token { is: Is::OpenText, at }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let rest = self.rest();
            let letter = rest.chars().next()?;
            let to_line_end = || rest.find('\n').unwrap_or(rest.len());
            let is = match letter {
                '{' => Is::Open,
                '}' => Is::Close,
                ';' | '\n' => Is::End,
                '"' => return Some(self.text()),
                '/' if rest.starts_with("//") => {
                    let at = self.take(to_line_end());
                    return Some(Token { is: Is::Comment, at });
                }
                '/' if rest.starts_with("/*") => {
                    let length = rest.find("*/").map_or(rest.len(), |at| at.saturating_add(2));
                    let at = self.take(length);
                    return Some(Token { is: Is::Comment, at });
                }
                letter if is_word(letter) => {
                    let length = rest.chars().take_while(|letter| is_word(*letter)).map(char::len_utf8).sum();
                    let at = self.take(length);
                    return Some(Token { is: Is::Word, at });
                }
                other => {
                    self.take(other.len_utf8());
                    continue;
                }
            };
            let at = self.take(1);
            return Some(Token { is, at });
        }
    }
}
