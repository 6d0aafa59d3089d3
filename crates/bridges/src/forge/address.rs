//! Addresses that a server may call: `https`, and no machine of the network that it stands in. It says what is refused, and calls
//! nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use ureq::http::Uri;

/// The longest address.
pub const LONGEST_ADDRESS: usize = 300;

/// How far calls may reach. Only the operator of the server widens it: from a page somebody could else ask a server about the
/// network behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// `https`, and addresses of the open internet alone.
    #[default]
    Public,
    /// Addresses of a private network too, by `https`.
    Private,
    /// This machine too, also by `http`.
    Loopback,
}

impl Reach {
    /// Every reach, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Public, Self::Private, Self::Loopback];

    /// Returns its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Loopback => "loopback",
        }
    }

    /// Returns the reach of that name; none if there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.name() == name)
    }

    /// Whether an address of the network may be called.
    ///
    /// ```
    /// use bridges::forge::Reach;
    /// let inside = "10.0.0.7".parse().unwrap();
    /// assert!(!Reach::Public.allows(inside) && Reach::Private.allows(inside));
    /// assert!(!Reach::Loopback.allows("169.254.169.254".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn allows(self, ip: IpAddr) -> bool {
        match kind(ip) {
            Net::Public => true,
            Net::Private => self >= Self::Private,
            Net::Loopback => self >= Self::Loopback,
            Net::Never => false,
        }
    }
}

/// The network that an address belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Net {
    Public,
    Private,
    Loopback,
    /// Link-local, where clouds hand out their secrets, multicast, and ranges that are nobody's.
    Never,
}

fn kind(ip: IpAddr) -> Net {
    match ip {
        IpAddr::V4(ip) => kind_of_v4(ip),
        IpAddr::V6(ip) => kind_of_v6(ip),
    }
}

fn kind_of_v4(ip: Ipv4Addr) -> Net {
    let [a, b, c, _] = ip.octets();
    match (a, b, c) {
        (127, ..) => Net::Loopback,
        (10, ..) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) => Net::Private,
        (0 | 224..=255, ..) | (169, 254, _) | (192, 0, 0 | 2) | (192, 88, 99) => Net::Never,
        (198, 18..=19, _) | (198, 51, 100) | (203, 0, 113) => Net::Never,
        _ => Net::Public,
    }
}

/// A form that carries an older address inside it belongs to that address's network.
fn kind_of_v6(ip: Ipv6Addr) -> Net {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let inner = |high: u16, low: u16| match kind_of_v4(within(high, low)) {
        Net::Loopback => Net::Never,
        kind => kind,
    };
    match (a, b) {
        _ if ip == Ipv6Addr::LOCALHOST => Net::Loopback,
        _ if [a, b, c, d, e, f] == [0, 0, 0, 0, 0, 0xffff] => kind_of_v4(within(g, h)),
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => inner(g, h),
        (0x2002, _) => inner(b, c),
        (0x2001, 0 | 0xdb8) => Net::Never,
        (0xfc00..=0xfdff, _) => Net::Private,
        (0x2000..=0x3fff, _) => Net::Public,
        _ => Net::Never,
    }
}

/// The older address that two parts of a newer one hold.
const fn within(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}

/// Checks the text of an address before anything is asked of the network; the host that it names.
///
/// # Errors
/// The reason why it is not called, in words.
pub fn checked(address: &str, reach: Reach) -> Result<String, String> {
    let shown: String = address.chars().filter(|sign| !sign.is_control()).take(100).collect();
    let wrong = |why: &str| Err(format!("`{shown}` {why}"));
    if address.len() > LONGEST_ADDRESS {
        return wrong("is too long for an address");
    }
    let odd =
        |byte: u8| !byte.is_ascii_graphic() || matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`' | b'^' | b'{' | b'}');
    let Some(uri) = Some(address).filter(|text| !text.bytes().any(odd)).and_then(|text| text.parse::<Uri>().ok())
    else {
        return wrong("is not an address: write it as `https://forge.example/owner/name`");
    };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return wrong("is not a whole address: write it as `https://forge.example/owner/name`");
    };
    if authority.as_str().contains('@') {
        return wrong("holds a name or a password before the `@`: leave it out");
    }
    let host = authority.host().to_ascii_lowercase();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    let is_here = host == "localhost" || ip.is_some_and(|ip| kind(ip) == Net::Loopback);
    match scheme {
        "https" => {}
        "http" if reach == Reach::Loopback && is_here => {}
        "http" => return wrong("is not called in the clear: use `https`"),
        _ => return wrong("is not an address of the web: use `https`"),
    }
    // A resolver takes `2130706433` and `0x7f.1` for loopback; nobody writes a forge's name so.
    let last = host.rsplit('.').find(|label| !label.is_empty()).unwrap_or_default();
    let is_number = last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit());
    if ip.is_none() && (host.is_empty() || is_number) {
        return wrong("names no machine");
    }
    if ip.is_some_and(|ip| !reach.allows(ip)) || (host == "localhost" && reach < Reach::Loopback) {
        return wrong("is an address inside a network, which only the operator of the server may let it call");
    }
    Ok(host)
}

#[cfg(test)]
mod tests;
