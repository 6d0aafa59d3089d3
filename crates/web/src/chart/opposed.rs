//! Bars for and against, one item at a time, on a scale shared by the whole list.

use super::figure::Table;
use super::pen::Pen;
use super::scale::Scale;
use views::RankedItem;

/// The bar of one item. `greatest_micro` is the longest bar of the list, either way.
pub fn opposed(id: &str, item: &RankedItem, greatest_micro: i64) -> String {
    let mut pen = Pen::new(320.0, 18.0);
    let middle = 110.0;
    let right = Scale::new((0, greatest_micro.max(1)), (middle, 320.0));
    // Half as much room on the left: less is placed against than for, and the scale must be the same on both sides.
    let length = |votes: i64| right.place(votes) - middle;
    let against = length(item.votes_against.votes_micro.abs()).min(middle);
    let given = length(item.votes_for.votes_micro.max(0));
    pen.rect("fill against", middle - against, 3.0, against, 12.0);
    pen.rect("fill for", middle, 3.0, given, 12.0);
    pen.line("axis", (middle, 0.0), (middle, 18.0));
    let desc = words::chart::support(&item.votes_for.text, &item.votes_against.text, &item.votes.text);
    pen.svg(id, &words::chart::support_for(&item.title), &desc)
}

/// The whole list as rows.
pub fn opposed_table(items: &[RankedItem]) -> Table {
    let mut table = Table::new(&words::chart::OPPOSED_TABLE);
    for item in items {
        table.rows.push(vec![
            item.rank.to_string(),
            item.title.clone(),
            item.votes.text.clone(),
            item.votes_for.text.clone(),
            item.votes_against.text.clone(),
            item.closing.as_ref().map_or_else(|| "–".to_owned(), |closing| closing.closes_at.text.clone()),
        ]);
    }
    table
}
