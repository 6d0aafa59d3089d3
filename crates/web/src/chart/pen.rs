//! Writes SVG. Colours, strokes and letters come from the style sheet by class: the content security policy forbids inline style.

use std::fmt::Write as _;

/// An SVG in the making, in units of one CSS pixel.
#[derive(Debug)]
pub(super) struct Pen {
    out: String,
    stretched: bool,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Pen {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { out: String::new(), stretched: false, width, height }
    }

    pub(super) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (width, height) = (width.max(0.0), height.max(0.0));
        self.put(format_args!(
            r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}"/>"#
        ));
    }

    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.put(format_args!(
            r#"<line class="{class}" x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}"/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    pub(super) fn dot(&mut self, class: &str, at: (f64, f64), radius: f64) {
        self.put(format_args!(r#"<circle class="{class}" cx="{:.1}" cy="{:.1}" r="{radius:.1}"/>"#, at.0, at.1));
    }

    pub(super) fn path(&mut self, class: &str, d: &str) {
        self.put(format_args!(r#"<path class="{class}" d="{d}"/>"#));
    }

    /// A line through `points`.
    pub(super) fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let d = joined(points);
        if !d.is_empty() {
            self.path(class, &d);
        }
    }

    /// The surface between `points` and the level `base`.
    pub(super) fn area(&mut self, class: &str, points: &[(f64, f64)], base: f64) {
        if let (Some(first), Some(last)) = (points.first(), points.last()) {
            let d = format!("{}L{:.1} {base:.1}L{:.1} {base:.1}Z", joined(points), last.0, first.0);
            self.path(class, &d);
        }
    }

    pub(super) fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.put(format_args!(
            r#"<text class="{class}" x="{:.1}" y="{:.1}" text-anchor="{anchor}">{}</text>"#,
            at.0,
            at.1,
            escaped(words)
        ));
    }

    /// The picture may be pulled in one direction: for bars without letters.
    pub(super) fn stretched(mut self) -> Self {
        self.stretched = true;
        self
    }

    /// The finished element; `id` names its title and description.
    pub(super) fn svg(self, id: &str, title: &str, desc: &str) -> String {
        let stretch = if self.stretched { r#" preserveAspectRatio="none""# } else { "" };
        format!(
            r#"<svg viewBox="0 0 {:.0} {:.0}" width="{:.0}" height="{:.0}"{stretch} role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{}</title><desc id="{id}-d">{}</desc>{}</svg>"#,
            self.width,
            self.height,
            self.width,
            self.height,
            escaped(title),
            escaped(desc),
            self.out
        )
    }

    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(what);
    }
}

/// Text that can stand between tags and in attributes.
pub(super) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML forbids the other control characters even when escaped.
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// At most `letters` letters, with an ellipsis where some were cut.
pub(super) fn cut(words: &str, letters: usize) -> String {
    if words.chars().count() <= letters {
        return words.to_owned();
    }
    let kept: String = words.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn joined(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    for (place, (x, y)) in points.iter().enumerate() {
        let letter = if place == 0 { 'M' } else { 'L' };
        let _ = write!(out, "{letter}{x:.1} {y:.1}");
    }
    out
}
