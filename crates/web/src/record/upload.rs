//! A form with a file in it: `multipart/form-data`, as browsers send it (RFC 7578). It reads fields and files, and keeps nothing.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::form::Fields;
use crate::trouble::Trouble;

/// The most fields of such a form.
const MOST_FIELDS: usize = 200;

/// The fields of a form, and the files that came with it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Upload {
    pub(super) fields: Fields,
    /// Each by its field, with its name and its bytes.
    pub(super) files: Vec<(String, String, Vec<u8>)>,
}

/// Reads the body of a form.
pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Upload, Trouble> {
    let odd = || Trouble::bad("", words::form::ODD_SHAPE);
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).ok_or_else(odd)?;
    let boundary = boundary(kind).ok_or_else(odd)?;
    let mut upload = Upload::default();
    let mut rest = body.strip_prefix(format!("--{boundary}").as_bytes()).ok_or_else(odd)?;
    let next = format!("\r\n--{boundary}");
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n").ok_or_else(odd)?;
        let end = find(part, next.as_bytes()).ok_or_else(odd)?;
        let (part, after) = part.split_at_checked(end).ok_or_else(odd)?;
        rest = after.get(next.len()..).ok_or_else(odd)?;
        // A part without a head would begin with the empty line.
        let head_ends = find(part, b"\r\n\r\n").ok_or_else(odd)?;
        let (head, content) = part.split_at_checked(head_ends).ok_or_else(odd)?;
        let content = content.get(4..).unwrap_or_default();
        let head = String::from_utf8_lossy(head);
        let name = parameter(&head, "name").ok_or_else(odd)?;
        match parameter(&head, "filename") {
            // A browser sends the field of a file that nobody chose with an empty name.
            Some(file) if !file.is_empty() => upload.files.push((name, file, content.to_vec())),
            Some(_) => {}
            None => upload.fields.push((name, String::from_utf8_lossy(content).into_owned())),
        }
        if upload.fields.len() + upload.files.len() > MOST_FIELDS {
            return Err(odd());
        }
    }
    Ok(upload)
}

/// The line between the parts.
pub(crate) fn boundary(kind: &str) -> Option<String> {
    let rest = kind.strip_prefix("multipart/form-data")?;
    let (_, boundary) = rest.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    (1..=70).contains(&boundary.len()).then(|| boundary.to_owned())
}

/// A parameter of `Content-Disposition`, where browsers write a quote as `%22`.
pub(crate) fn parameter(head: &str, name: &str) -> Option<String> {
    let line = head.split("\r\n").find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let (_, rest) = line.split_once(&format!("; {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("%22", "\"").replace("%0D", "").replace("%0A", ""))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(kind: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        headers
    }

    const KIND: &str = "multipart/form-data; boundary=----x7";

    #[test]
    fn fields_and_a_file_are_read() {
        let body = "------x7\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na,b\r\n--1\r\n------x7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b.csv\"\r\nContent-Type: text/csv\r\n\r\nc,d\r\n\r\n------x7--\r\n";
        let upload = read(&headers(KIND), body.as_bytes()).unwrap();
        assert_eq!(upload.fields, [("text".to_owned(), "a,b\r\n--1".to_owned())]);
        assert_eq!(upload.files, [("file".to_owned(), "a\"b.csv".to_owned(), b"c,d\r\n".to_vec())]);
        let none = "------x7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n------x7--\r\n";
        assert_eq!(read(&headers(KIND), none.as_bytes()).unwrap(), Upload::default());
    }

    #[test]
    fn what_is_no_such_form_is_refused() {
        for (kind, body) in [
            ("text/plain", "------x7--\r\n"),
            ("multipart/form-data", "------x7--\r\n"),
            ("multipart/form-data; boundary=", "----\r\n"),
            (KIND, ""),
            (KIND, "------x7"),
            (KIND, "------x7\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever ends"),
            (KIND, "------x7\r\nno head\r\n------x7--\r\n"),
            (KIND, "------x7\r\nContent-Disposition: form-data\r\n\r\n1\r\n------x7--\r\n"),
        ] {
            assert!(read(&headers(kind), body.as_bytes()).is_err(), "{kind}: {body}");
        }
        let many = "------x7\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(MOST_FIELDS + 1);
        assert!(read(&headers(KIND), format!("{many}------x7--\r\n").as_bytes()).is_err());
    }
}
