//! Dates and lengths of time.

pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[rustfmt::skip]
pub const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
];

pub const BRIEF_MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

words! {
    moment(weekday, date, hour, minute) "{weekday} {date}, {hour:02}:{minute:02}";
    date(day, month, year) "{day} {month} {year}";
    month(month, year) "{month} {year}";
    period(first, last) "{first} to {last}";
    years_and_months(years, months) "{years} {months}";
    NOW "now";
    A_MINUTE "a minute";
    ahead(length) "in {length}";
    on(weekday, date) "on {weekday} {date}";
    ahead_on(ahead, on) "{ahead}, {on}";
}
