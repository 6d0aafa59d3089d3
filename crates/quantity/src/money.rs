//! Money in minor units of a currency, and decimal numbers written and read exactly.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency of ISO 4217, with its number of decimals.
///
/// ```
/// use quantity::Currency;
/// let yen = Currency::parse("JPY").unwrap();
/// assert_eq!((yen.code(), yen.digits()), ("JPY", 0));
/// assert_eq!(Currency::parse("usd"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: &'static str,
    digits: u8,
}

/// An amount of money: minor units (cents; none for yen) of a currency.
///
/// ```
/// use quantity::{Currency, Money};
/// let money = Money { minor: 1_250, currency: Currency::parse("USD").unwrap() };
/// assert_eq!(money.to_string(), "12.50 USD");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Money {
    /// Minor units; the currency says how many make one.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// As its code.
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Currency::parse(&code).ok_or_else(|| D::Error::custom("no currency has this code"))
    }
}

impl Currency {
    /// Returns the currency of a three-letter code in capitals; `None` when ISO 4217 has no such currency, or one
    /// without minor units (gold, test codes).
    ///
    /// Currencies that ended since 2017 are known too, because records keep the currency they were made in.
    ///
    /// ```
    /// use quantity::Currency;
    /// assert_eq!(Currency::parse("KWD").unwrap().digits(), 3);
    /// assert_eq!(Currency::parse("XAU"), None);
    /// ```
    pub fn parse(code: &str) -> Option<Currency> {
        CURRENCIES.iter().find_map(|(digits, codes)| {
            let code = codes.split(' ').find(|known| *known == code)?;
            Some(Currency { code, digits: *digits })
        })
    }

    /// Returns the three letters.
    ///
    /// ```
    /// assert_eq!(quantity::Currency::parse("EUR").unwrap().code(), "EUR");
    /// ```
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the number of decimals that the currency has, 0 to 4.
    ///
    /// ```
    /// assert_eq!(quantity::Currency::parse("EUR").unwrap().digits(), 2);
    /// ```
    pub fn digits(&self) -> u8 {
        self.digits
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = format_decimal(self.minor, self.currency.digits);
        write!(out, "{number} {}", self.currency)
    }
}

/// Reads a decimal number exactly, in units of 10^-digits: `-12.5` with 2 digits is −1250.
///
/// It accepts only digits, one point between digits, and a leading minus. Fewer decimals than `digits` are filled with
/// zeros; more are refused even when they are zeros, since `1.000` means a thousand in half of Europe.
///
/// # Errors
/// A lower-case message that quotes the text and names the mistake.
///
/// ```
/// use quantity::parse_decimal;
/// assert_eq!(parse_decimal("-12.5", 2), Ok(-1_250));
/// assert_eq!(parse_decimal("1,234.50", 2).unwrap_err(), "`1,234.50` has a comma: write `1234.50`");
/// ```
pub fn parse_decimal(text: &str, digits: u8) -> Result<i64, String> {
    if text.is_empty() {
        return Err("the number is empty".to_string());
    }
    if text.contains(',') {
        // The last of two marks comes before the decimals. The meaning of a lone comma is known only to its writer.
        let plain = if text.contains('.') { plain_decimal(text) } else { None };
        let hint = match plain {
            Some(plain) => format!("write `{plain}`"),
            None => "write decimals after a point and no thousands mark".to_string(),
        };
        return Err(format!("`{text}` has a comma: {hint}"));
    }
    // Each further message names the one mistake that the writer can mend.
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = match unsigned.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (unsigned, None),
    };
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !decimals.is_none_or(plain) {
        let exponent = unsigned.starts_with(|c: char| c.is_ascii_digit()) && unsigned.contains(['e', 'E']);
        return Err(if exponent {
            format!("`{text}` has an exponent: write all digits")
        } else {
            format!("`{text}` is not a number such as `-12.50`")
        });
    }
    if whole.is_empty() || decimals.is_some_and(str::is_empty) {
        return Err(format!("`{text}` needs a digit on both sides of the point"));
    }
    // More decimals are refused and never rounded: an amount is read as it was written.
    let decimals = decimals.unwrap_or("");
    let places = usize::from(digits);
    if decimals.len() > places {
        let found = decimals.len();
        return Err(match digits {
            0 => format!("`{text}` has decimals, but none are allowed"),
            _ => format!("`{text}` has {found} decimals, but at most {digits} are allowed"),
        });
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    format!("{sign}{whole}{decimals:0<places$}").parse().map_err(|_| format!("`{text}` is too large"))
}

/// Returns a number in plain form, with a point before its decimals, whatever marks its writer uses; `None` where it can be
/// read in two ways, or in none.
///
/// Thousands are groups of three with `.`, `,`, `'` or a space between them. A single mark before exactly three digits may be
/// either kind of mark, unless nothing but a zero is before it.
///
/// ```
/// use quantity::plain_decimal;
/// assert_eq!(plain_decimal("1.234,50").as_deref(), Some("1234.50"));
/// assert_eq!(plain_decimal("-12,5").as_deref(), Some("-12.5"));
/// assert_eq!(plain_decimal("1.234"), None);
/// ```
#[must_use]
pub fn plain_decimal(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text),
    };
    let marks: Vec<char> = unsigned.chars().filter(|c| ['.', ','].contains(c)).collect();
    let last = marks.last().copied().filter(|last| marks.iter().filter(|mark| *mark == last).count() == 1);
    let Some(mark) = last else {
        return ungrouped(unsigned).map(|whole| format!("{sign}{whole}"));
    };
    let (whole, decimals) = unsigned.split_once(mark)?;
    digits_only(decimals).then_some(())?;
    let could_group = decimals.len() == 3 && digits_only(whole) && whole.len() <= 3 && !whole.starts_with('0');
    if could_group {
        return None;
    }
    ungrouped(whole).map(|whole| format!("{sign}{whole}.{decimals}"))
}

/// Returns the digits of a whole number that may be written in groups of three.
fn ungrouped(whole: &str) -> Option<String> {
    const GROUPING: [char; 7] = ['.', ',', ' ', '\'', '\u{2019}', '\u{a0}', '\u{202f}'];
    let Some(mark) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return digits_only(whole).then(|| whole.to_string());
    };
    let mut groups = whole.split(mark);
    let first = groups.next()?;
    let fits = GROUPING.contains(&mark) && digits_only(first) && first.len() <= 3 && !first.starts_with('0');
    let all = groups.all(|group| digits_only(group) && group.len() == 3);
    (fits && all).then(|| whole.replace(mark, ""))
}

fn digits_only(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes an amount in units of 10^-digits as a decimal number with exactly that many decimals.
///
/// ```
/// use quantity::format_decimal;
/// assert_eq!(format_decimal(-5, 2), "-0.05");
/// assert_eq!(format_decimal(1_250, 0), "1250");
/// ```
pub fn format_decimal(minor: i64, digits: u8) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    with_point(sign, &minor.unsigned_abs().to_string(), usize::from(digits))
}

/// Writes micro-units (weight, votes) as a decimal number without trailing zeros.
///
/// ```
/// use quantity::format_micro;
/// assert_eq!(format_micro(12_500_000), "12.5");
/// assert_eq!(format_micro(-1), "-0.000001");
/// ```
pub fn format_micro(micro: i128) -> String {
    let sign = if micro < 0 { "-" } else { "" };
    let text = with_point(sign, &micro.unsigned_abs().to_string(), 6);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn with_point(sign: &str, number: &str, places: usize) -> String {
    if places == 0 {
        return format!("{sign}{number}");
    }
    let width = places.saturating_add(1);
    let filled = format!("{number:0>width$}");
    let (whole, decimals) = filled.split_at_checked(filled.len().saturating_sub(places)).unwrap_or((&filled, ""));
    format!("{sign}{whole}.{decimals}")
}

/// By number of decimals: ISO 4217 list one (funds codes included), then, with 2 decimals, the currencies that ended since
/// 2017: ANG, BGN, CUC, HRK, MRO, SLL, STD, VEF, ZWL.
const CURRENCIES: [(u8, &str); 5] = [
    (
        2,
        "USD EUR GBP AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD \
         CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GTQ \
         GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD \
         MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON \
         RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS \
         UAH USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    ),
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
    (2, "ANG BGN CUC HRK MRO SLL STD VEF ZWL"),
];

#[cfg(test)]
mod tests;
