//! The bar of a project and its goal: pledges and match, side by side in two colours.

use super::pen::Pen;
use views::ProjectView;

/// The bar of a project; its frame is the goal.
pub fn goal(id: &str, project: &ProjectView) -> String {
    let mut pen = Pen::new(240.0, 14.0);
    let width = |ppm: u32| 236.0 * f64::from(ppm) / 1e6;
    pen.rect("vessel", 0.5, 0.5, 239.0, 13.0);
    pen.rect("fill for", 2.0, 2.0, width(project.pledged_ppm), 10.0);
    pen.rect("fill against", 2.0 + width(project.pledged_ppm), 2.0, width(project.matched_ppm), 10.0);
    let desc = words::pool::bar(&project.pledged.text, &project.matched.text, &project.goal.text);
    pen.stretched().svg(id, &words::pool::bar_of(&project.line), &desc)
}
