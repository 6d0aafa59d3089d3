//! Percentages and scores as people type them, read exactly: no float ever holds one.

/// `12.5`, `12,5`, `12.5 %` or nothing (which is 0), to parts per million. At most four places: finer than a millionth cannot be
/// placed, and rounding a ballot silently would not be what the member said.
pub(crate) fn share_ppm(typed: &str) -> Result<u32, String> {
    let text = typed.trim().trim_end_matches('%').trim_end();
    if text.is_empty() {
        return Ok(0);
    }
    match parse(text, 4) {
        Some(Ok(ppm)) if ppm <= 1_000_000 => Ok(ppm),
        Some(Ok(_)) => Err(words::form::share_over(text)),
        Some(Err(TooFine)) => Err(words::form::share_too_fine(text)),
        None => Err(words::form::no_share(brief(text))),
    }
}

/// `0` to `10`, or nothing (which is 0), to millionths of a full score.
pub(crate) fn score_ppm(typed: &str) -> Result<u32, String> {
    let text = typed.trim();
    if text.is_empty() {
        return Ok(0);
    }
    match parse(text, 5) {
        Some(Ok(ppm)) if ppm <= 1_000_000 => Ok(ppm),
        Some(Ok(_)) => Err(words::form::score_over(text)),
        Some(Err(TooFine)) => Err(words::form::score_too_fine(text)),
        None => Err(words::form::no_score(brief(text))),
    }
}

/// `480`, `480.5` or `480,50` to minor units, for a currency with so many digits after the point; above 0 and exact.
pub(crate) fn amount_minor(typed: &str, digits: u32) -> Result<i64, String> {
    let text = typed.trim();
    let example = if digits == 0 { "480" } else { "480.50" };
    match parse_wide(text, usize::try_from(digits).unwrap_or(0)) {
        _ if text.is_empty() => Err(words::form::give_amount(example)),
        Some(Ok(0)) => Err(words::form::ABOVE_ZERO.to_owned()),
        Some(Ok(minor)) => i64::try_from(minor).map_err(|_| words::form::OVER_ALL_BOOKS.to_owned()),
        Some(Err(TooFine)) => Err(words::form::amount_too_fine(digits, text)),
        None => Err(words::form::no_amount(example, brief(text))),
    }
}

struct TooFine;

/// Reads digits with at most one point or comma as a whole number of 10^-places. None if it is no such number.
fn parse(text: &str, places: usize) -> Option<Result<u32, TooFine>> {
    // A number that does not fit is far over the limit: say so rather than call it no number.
    let narrow = |all| u32::try_from(all).unwrap_or(u32::MAX);
    Some(parse_wide(text, places)?.map(narrow))
}

fn parse_wide(text: &str, places: usize) -> Option<Result<u128, TooFine>> {
    let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(rest) || (whole.is_empty() && rest.is_empty()) || text.len() > 24 {
        return None;
    }
    let rest = rest.trim_end_matches('0');
    if rest.len() > places {
        return Some(Err(TooFine));
    }
    Some(Ok(format!("{whole}{rest:0<places$}").parse().ok()?))
}

fn brief(text: &str) -> String {
    text.chars().take(24).collect()
}
