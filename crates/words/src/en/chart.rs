//! Titles, descriptions and tables of pictures.

pub const BALANCE_TABLE: [&str; 4] = ["month", "in", "out", "balance"];
pub const BUCKETS_TABLE: [&str; 3] = ["challenger", "bucket", "if nothing moves"];
pub const CLASSES_TABLE: [&str; 4] = ["class", "members", "weight", "of all weight"];
pub const CURVE_TABLE: [&str; 2] = ["the heaviest", "hold"];
pub const FADE_TABLE: [&str; 2] = ["month", "weight"];
pub const FLOW_TABLE: [&str; 3] = ["side", "name", "sum"];
pub const GAINS_TABLE: [&str; 3] = ["who", "of all weight now", "would be"];
pub const OPPOSED_TABLE: [&str; 6] = ["place", "item", "votes", "for", "against", "closes"];
pub const SHARES_TABLE: [&str; 2] = ["placed on", "share of my weight"];

include!("chart.words");
