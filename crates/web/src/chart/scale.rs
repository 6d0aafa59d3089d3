//! From integers to places on paper, and the round numbers that stand beside an axis.

use super::pen::{Anchor, Pen};

/// A straight scale from a span of values to a span of places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    from: f64,
    span: f64,
    start: f64,
    length: f64,
}

impl Scale {
    /// Values `from..=until` onto places `start..=end`. A span of nothing maps to `start`.
    pub(super) fn new(values: (i64, i64), places: (f64, f64)) -> Self {
        Self {
            from: values.0 as f64,
            span: (values.1 as f64) - (values.0 as f64),
            start: places.0,
            length: places.1 - places.0,
        }
    }

    pub(super) fn place(&self, value: i64) -> f64 {
        if self.span == 0.0 {
            return self.start;
        }
        self.start + (value as f64 - self.from) / self.span * self.length
    }
}

/// Round values (1, 2 or 5 times a power of ten) from at or under `low` to at or over `high`, about `count` steps.
pub(super) fn ticks(low: i64, high: i64, count: i64) -> Vec<i64> {
    let (low, high) = (low.min(0), high.max(1).max(low.saturating_add(1)));
    let rough = (high.saturating_sub(low) / count.max(1)).max(1);
    let mut power = 1i64;
    while rough / power >= 10 {
        power = power.saturating_mul(10);
    }
    let step = [1i64, 2, 5, 10]
        .into_iter()
        .map(|times| power.saturating_mul(times))
        .find(|step| *step >= rough)
        .unwrap_or(power);
    let first = low.div_euclid(step).saturating_mul(step);
    let mut out = vec![first];
    while let Some(last) = out.last().copied() {
        if last >= high || out.len() > 20 {
            break;
        }
        out.push(last.saturating_add(step));
    }
    out
}

/// The places in `0..len` that get a label: about `count` of them, evenly spaced, the first and the last among them.
pub(super) fn labelled(len: usize, count: usize) -> Vec<usize> {
    if len <= count {
        return (0..len).collect();
    }
    let gaps = count.saturating_sub(1).max(1);
    (0..=gaps).map(|gap| gap * (len - 1) / gaps).collect()
}

/// Writes as many of the words under an axis as fit beside one another: evenly spaced, the first and the last among them.
/// `words` are places and what stands there, from left to right.
pub(super) fn write_axis(pen: &mut Pen, words: &[(f64, &str)], y: f64) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return;
    };
    let letters = words.iter().map(|(_, word)| word.chars().count()).max();
    let each = letters.unwrap_or(1) as f64 * 6.8 + 16.0;
    let count = ((last.0 - first.0) / each).floor().clamp(2.0, 6.0) as usize;
    // Places need not be even (a month may have just begun): a word that would run into its neighbours is left out.
    let end = |x: f64| x + each / 2.0;
    let mut free = first.0;
    for place in labelled(words.len(), count) {
        let anchor = if place == 0 {
            Anchor::Start
        } else if place + 1 == words.len() {
            Anchor::End
        } else {
            Anchor::Middle
        };
        if let Some((x, word)) = words.get(place) {
            let from = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - each / 2.0,
                Anchor::End => x - each,
            };
            let runs_into_last = place + 1 < words.len() && end(*x) > last.0 - each;
            if place > 0 && (from < free || runs_into_last) && place + 1 != words.len() {
                continue;
            }
            free = from + each;
            pen.text("tick", (*x, y), anchor, word);
        }
    }
}

/// Moves wanted places apart until neighbours are at least `gap` from one another, within `low..=high` where that is possible.
pub(super) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut places = wanted.to_vec();
    let mut floor = low;
    for index in &order {
        places[*index] = places[*index].max(floor);
        floor = places[*index] + gap;
    }
    let mut ceiling = high;
    for index in order.iter().rev() {
        places[*index] = places[*index].min(ceiling);
        ceiling = places[*index] - gap;
    }
    places
}
