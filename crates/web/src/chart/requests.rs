//! A request's part of what it needs: its conviction, and a line where it passes.

use super::pen::Pen;
use views::MoneyRequest;

/// The bar of a request; its frame is all votes.
pub fn needed(id: &str, one: &MoneyRequest) -> String {
    let mut pen = Pen::new(240.0, 14.0);
    let width = |ppm: u32| 236.0 * f64::from(ppm) / 1e6;
    pen.rect("vessel", 0.5, 0.5, 239.0, 13.0);
    pen.rect("fill for", 2.0, 2.0, width(one.has_ppm), 10.0);
    let has = &one.conviction.text;
    let desc = match (&one.needs, one.needs_ppm) {
        (Some(needs), Some(at)) => {
            pen.rect("fill against", (1.0 + width(at)).min(236.0), 1.0, 2.0, 12.0);
            words::requests::bar(has, &needs.text)
        }
        _ => words::requests::bar_alone(has),
    };
    pen.stretched().svg(id, &words::requests::bar_of(&one.line), &desc)
}
