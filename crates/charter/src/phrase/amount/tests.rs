//! Periods against the calendar.

use super::Every;

#[test]
fn most_within_is_what_the_calendar_allows() {
    use quantity::{Moment, Zone};
    // Starts of periods, counted over 28 years of days: a period touches another when they share a day.
    let zone = Zone::utc();
    let units = |day: i64| {
        let moment = Moment(day * 86_400_000_000);
        let civil = zone.civil(moment);
        let month = i64::from(civil.year) * 12 + i64::from(civil.month) - 1;
        [day, (day + 3).div_euclid(7), month, month / 3, month / 12]
    };
    let days: Vec<[i64; 5]> = (0..28 * 366).map(units).collect();
    for (one, inner) in Every::ALL.into_iter().enumerate() {
        for (other, outer) in Every::ALL.into_iter().enumerate().filter(|(at, _)| *at > one) {
            let mut touched: std::collections::BTreeMap<i64, std::collections::BTreeSet<i64>> =
                std::collections::BTreeMap::new();
            for day in &days {
                touched.entry(day[other]).or_default().insert(day[one]);
            }
            let most = touched.values().map(|inner| inner.len()).max().unwrap();
            assert_eq!(most as u32, inner.most_within(outer), "{inner:?} in {outer:?}");
            assert_eq!(outer.most_within(inner), 1);
        }
    }
}
