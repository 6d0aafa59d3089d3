//! Links as pictures for phones: QR codes, drawn as one path of squares.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// The empty border that readers need, in squares.
const BORDER: i32 = 4;

/// Draws `text` as SVG, dark on light in both colour schemes; `None` where it is too long for one picture.
pub(crate) fn qr(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y)) {
        write!(path, "M{},{}h1v1h-1z", x + BORDER, y + BORDER).ok()?;
    }
    let whole = size + 2 * BORDER;
    Some(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {whole} {whole}\" width=\"220\" height=\"220\" role=\"img\" aria-label=\"QR\" \
         shape-rendering=\"crispEdges\"><rect width=\"{whole}\" height=\"{whole}\" fill=\"#fff\"/><path d=\"{path}\" \
         fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_squares_and_nothing_of_the_text() {
        let text = "otpauth://totp/x:y?secret=GEZDGNBV\"><script>";
        let picture = qr(text).expect("short enough");
        assert!(picture.starts_with("<svg") && picture.matches("h1v1h-1z").count() > 200);
        assert!(!picture.contains("script") && !picture.contains("GEZDGNBV"));
        assert!(qr(&"x".repeat(3000)).is_none());
    }
}
