//! Texts that are not in UTF-8: which encoding a file is in, and its letters. Every letter of a Western spreadsheet is read; what
//! is not certain is refused and never guessed at.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// An encoding of one byte a letter, or of UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    /// Windows-1252, which has the letters of Latin-1 and further ones.
    Windows1252,
}

impl Encoding {
    /// Returns the encoding with this name; none for one that is not read.
    pub(crate) fn named(name: &str) -> Option<Encoding> {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        match plain.to_ascii_lowercase().as_str() {
            "utf8" | "usascii" | "ascii" => Some(Encoding::Utf8),
            "iso88591" | "latin1" | "l1" | "windows1252" | "cp1252" => Some(Encoding::Windows1252),
            _ => None,
        }
    }
}

/// The letters of Windows-1252 from 0x80 to 0x9f; the others are those of Unicode with the same number. Five bytes have none.
const HIGH: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}',
    '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}',
    '\u{17e}', '\u{178}',
];

/// Returns a text of Windows-1252, or of Latin-1.
pub(crate) fn windows_1252(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| letter(*byte)).collect()
}

fn letter(byte: u8) -> char {
    let high = byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place)));
    high.copied().unwrap_or(char::from(byte))
}

/// The largest file that is read in another encoding, which bounds the copy of it.
const OTHER_MAX: u64 = 256 << 20;
const CHUNK: usize = 1 << 18;

/// Says what a file was read as.
pub(crate) fn read_as(name: &str) -> String {
    format!("the file is in {name} and not in UTF-8: look at the letters of names that it brought")
}

/// Returns what somebody handed in as a text, whatever it is in; none where that is not certain.
#[must_use]
pub fn as_text(bytes: &[u8]) -> Option<String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let mut file = tempfile::tempfile().ok()?;
    file.write_all(bytes).ok()?;
    file.seek(SeekFrom::Start(0)).ok()?;
    let (mut copy, _) = copy_in_utf8(&mut file, bytes.len() as u64).ok()??;
    let mut text = String::new();
    copy.read_to_string(&mut text).ok()?;
    Some(text)
}

/// The encoding that a file is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Utf8,
    Utf16 { big: bool },
    Windows1252,
}

/// Returns a copy of the file in UTF-8 and what it was in; `None` for a file that is in UTF-8, or in nothing that is certain.
pub(crate) fn copy_in_utf8(file: &mut File, length: u64) -> io::Result<Option<(File, &'static str)>> {
    let found = look(file)?;
    file.seek(SeekFrom::Start(0))?;
    if found == Found::Utf8 || length > OTHER_MAX {
        return Ok(None);
    }
    let mut copy = tempfile::tempfile()?;
    let name = match found {
        Found::Utf16 { big } => {
            from_utf16(file, &mut copy, big)?;
            "UTF-16"
        }
        _ => {
            from_windows_1252(file, &mut copy)?;
            "Windows-1252"
        }
    };
    copy.seek(SeekFrom::Start(0))?;
    Ok(Some((copy, name)))
}

/// Looks at the whole file. It is taken for Windows-1252 only where no letter in it is one of UTF-8 and each byte is a letter.
fn look(file: &mut File) -> io::Result<Found> {
    let mut chunk = vec![0; CHUNK];
    let (mut kept, mut first) = (0, true);
    let (mut is_utf8, mut has_utf8, mut is_1252) = (true, false, true);
    loop {
        let read = read_some(file, chunk.get_mut(kept..).unwrap_or_default())?;
        let end = kept + read;
        let bytes = chunk.get(..end).unwrap_or_default();
        if first {
            first = false;
            match bytes {
                [0xff, 0xfe, ..] => return Ok(Found::Utf16 { big: false }),
                [0xfe, 0xff, ..] => return Ok(Found::Utf16 { big: true }),
                _ => {}
            }
        }
        if read == 0 {
            is_utf8 &= kept == 0;
            break;
        }
        is_1252 &= !bytes.iter().any(|byte| matches!(byte, 0 | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d));
        let mut rest = bytes;
        kept = 0;
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    has_utf8 |= !text.is_ascii();
                    break;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    has_utf8 |= !valid.is_ascii();
                    let Some(wrong) = error.error_len() else {
                        kept = after.len();
                        break;
                    };
                    is_utf8 = false;
                    rest = after.get(wrong..).unwrap_or_default();
                }
            }
        }
        chunk.copy_within(end - kept..end, 0);
    }
    Ok(if !is_utf8 && !has_utf8 && is_1252 { Found::Windows1252 } else { Found::Utf8 })
}

fn read_some(file: &mut File, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn from_windows_1252(file: &mut File, copy: &mut File) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match read_some(file, &mut chunk)? {
            0 => return Ok(()),
            read => copy.write_all(windows_1252(chunk.get(..read).unwrap_or_default()).as_bytes())?,
        }
    }
}

/// Half a letter becomes the sign for a letter that is lost; the byte order mark goes along.
fn from_utf16(file: &mut File, copy: &mut File, big: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(copy);
    let mut input = io::BufReader::new(file);
    let units = std::iter::from_fn(|| {
        let mut pair = [0; 2];
        match input.read_exact(&mut pair) {
            Ok(()) => Some(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }),
            Err(_) => None,
        }
    });
    for letter in char::decode_utf16(units) {
        let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
        out.write_all(letter.encode_utf8(&mut [0; 4]).as_bytes())?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<(String, &'static str)> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let (mut copy, name) = copy_in_utf8(&mut file, bytes.len() as u64).unwrap()?;
        let mut text = String::new();
        copy.read_to_string(&mut text).unwrap();
        Some((text, name))
    }

    #[test]
    fn other_encodings_are_found_where_they_are_certain() {
        let euro = b"Zo\xeb;\x80 5\n";
        assert_eq!(read(euro), Some(("Zo\u{eb};\u{20ac} 5\n".to_owned(), "Windows-1252")));
        for (order, big) in [(u16::to_be_bytes as fn(u16) -> [u8; 2], true), (u16::to_le_bytes, false)] {
            let bytes: Vec<u8> = "\u{feff}Zo\u{eb} \u{1f600}".encode_utf16().flat_map(order).collect();
            assert_eq!(read(&bytes), Some(("\u{feff}Zo\u{eb} \u{1f600}".to_owned(), "UTF-16")), "{big}");
        }
        // UTF-8, text without letters beyond ASCII, both in one file, and bytes that no encoding has.
        let both = "Zo\u{eb}".bytes().chain([0xeb]).collect::<Vec<_>>();
        for bytes in ["Zo\u{eb}".as_bytes(), b"plain", b"", &both, b"\xeb\x81", b"\xeb\0"] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_handed_in_is_a_text_or_nothing() {
        assert_eq!(as_text("Zo\u{eb}".as_bytes()).as_deref(), Some("Zo\u{eb}"));
        assert_eq!(as_text(b"Zo\xeb").as_deref(), Some("Zo\u{eb}"));
        assert_eq!(as_text(b"\xff\xfea\0").as_deref(), Some("\u{feff}a"));
        assert_eq!(as_text(b"\xeb\x81"), None);
    }

    /// A letter of UTF-8 that two reads part is one letter.
    #[test]
    fn letters_may_be_parted_by_reads() {
        for before in CHUNK - 3..=CHUNK {
            let text = format!("{}\u{20ac}", "x".repeat(before));
            assert_eq!(read(text.as_bytes()), None, "{before}");
            let cut = text.as_bytes().get(..before + 2).unwrap();
            let (read, name) = read(cut).unwrap();
            assert_eq!((read.chars().count(), name), (before + 2, "Windows-1252"));
        }
    }
}
