//! Bytes are kept before their act, erased without one, and are those of its hashes.

use engine::act::{Act, AdmitMember, PublishRelease, WithdrawRelease};
use engine::{Actor, Edition, Pseudonym};

use super::*;
use crate::coop::tests::at;
use crate::{Charter, Coop, verify_store};

const CONSTITUTION: &str = r#"```charter
office "maintainer" { settles-in "14 days"; may "release" }
release "binaries" { patrons-until "400 USD per month" }
```
"#;
const NOW: &str = "2025-01-01T10:00:00Z";
const ROOM: Room = Room { file: 700_000, all: 1_000_000 };

fn charter() -> Charter {
    let kernel = crate::coop::tests::KERNEL
        .replace("list=\"member-list\" { weight \"1\" }", "{ weight \"donated(ever) / 1 USD\" }");
    Charter::read_under(kernel, CONSTITUTION.to_owned(), Edition::FOUR).unwrap()
}

fn coop() -> Coop {
    let mut coop = Coop::in_memory(charter(), false, at(NOW)).unwrap();
    let admit =
        AdmitMember { member: Pseudonym(1), organisation: false, founder: false, joined_on: None, left_on: None };
    done(&mut coop, |batch| batch.append(&Act::AdmitMember(admit), Actor::Operator, "", "", at(NOW)).map(|_| ()))
        .unwrap();
    coop
}

fn done<T, E: From<Error>>(coop: &mut Coop, work: impl FnOnce(&mut Batch<'_>) -> Result<T, E>) -> Result<T, E> {
    let mut batch = coop.batch()?;
    let done = work(&mut batch)?;
    batch.commit()?;
    Ok(done)
}

fn keep(coop: &mut Coop, bytes: &[u8]) -> Result<Uploaded, NotKept> {
    done(coop, |batch| batch.keep_file(bytes, ROOM, at(NOW)))
}

fn publish(coop: &mut Coop, version: &str, files: &[&Uploaded]) -> Result<(), Error> {
    let file = |(number, one): (usize, &&Uploaded)| ReleaseFile {
        name: format!("f{number}"),
        bytes: one.bytes,
        sha256: one.sha256.clone(),
        media: "application/octet-stream".to_owned(),
    };
    let files = files.iter().enumerate().map(file).collect();
    let act =
        Act::PublishRelease(PublishRelease { release: "binaries".to_owned(), version: version.to_owned(), files });
    done(coop, |batch| batch.append(&act, Actor::Operator, "", "", at(NOW)).map(|_| ()))
}

fn withdraw(coop: &mut Coop, version: &str) {
    let act = Act::WithdrawRelease(WithdrawRelease { release: "binaries".to_owned(), version: version.to_owned() });
    done(coop, |batch| batch.append(&act, Actor::Operator, "", "", at(NOW)).map(|_| ())).unwrap();
}

/// All bytes of a file, as a reader gets them from `from` on.
fn read(coop: &Coop, sha256: &str, from: u64) -> Option<Vec<u8>> {
    let seen = coop.committed();
    let file = seen.kept_file(sha256).unwrap()?;
    let mut all = Vec::new();
    while from + (all.len() as u64) < file.bytes {
        all.extend(seen.bytes_of(&file, from + all.len() as u64).unwrap()?);
    }
    Some(all)
}

/// How many records files have beside the log: files, pieces and uploads.
fn records_of(coop: &mut Coop) -> [usize; 3] {
    [FILES, PIECES, UPLOADS].map(|space| {
        let mut count = 0;
        let id = coop.now.id.clone();
        coop.store
            .scan(&id, space, &mut |_, _| {
                count += 1;
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        count
    })
}

fn verified(coop: &mut Coop) -> Result<(), String> {
    verify_store(&mut *coop.store, 1).map(|_| ()).map_err(|why| why.to_string())
}

#[test]
fn bytes_are_kept_in_pieces_and_read_from_anywhere() {
    let mut coop = coop();
    let bytes: Vec<u8> = (0..600_000_u32).map(|byte| (byte % 251) as u8).collect();
    let kept = keep(&mut coop, &bytes).unwrap();
    assert_eq!(kept.sha256, engine::digest::hex(&bytes));
    assert_eq!(records_of(&mut coop), [1, 3, 1]);
    publish(&mut coop, "1.0", &[&kept]).unwrap();
    assert_eq!(records_of(&mut coop), [1, 3, 0], "the act holds it from now on");
    for from in [0, 1, 262_143, 262_144, 599_999] {
        assert!(read(&coop, &kept.sha256, from).unwrap() == bytes[from as usize..], "from {from}");
    }
    verified(&mut coop).unwrap();
    withdraw(&mut coop, "1.0");
    assert_eq!(records_of(&mut coop), [0, 0, 0], "and then nobody has it");
    assert_eq!(read(&coop, &kept.sha256, 0), None);
    verified(&mut coop).unwrap();
}

#[test]
fn an_act_without_bytes_is_refused() {
    let mut coop = coop();
    let mut kept = keep(&mut coop, b"abc").unwrap();
    kept.bytes = 4;
    let refused = |done: Result<(), Error>| match done {
        Err(Error::Refused(no)) => no.rule,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(publish(&mut coop, "1.0", &[&kept])), Rule::BytesMissing, "of another length");
    kept.bytes = 3;
    kept.sha256 = "00".repeat(32);
    assert_eq!(refused(publish(&mut coop, "1.0", &[&kept])), Rule::BytesMissing);
    assert_eq!(refused(publish(&mut coop, "", &[&kept])), Rule::NameNotAllowed, "a lower number comes first");
    assert!(coop.state().releases.is_empty());
}

#[test]
fn an_upload_without_an_act_is_swept_after_an_hour() {
    let mut coop = coop();
    let mut upload = Upload::new(ROOM, at(NOW)).unwrap();
    let pieces = upload.take(&[7; 300_000]).unwrap();
    done(&mut coop, |batch| batch.put_piece(&pieces[0])).unwrap();
    // The server is killed here; another upload is whole, and no act came.
    keep(&mut coop, b"abc").unwrap();
    verified(&mut coop).unwrap();
    assert_eq!(records_of(&mut coop), [1, 2, 2]);
    let swept = |coop: &mut Coop, now: &str| done(coop, |batch| batch.sweep_uploads(at(now))).unwrap();
    assert_eq!(swept(&mut coop, "2025-01-01T10:59:59Z"), 0);
    assert_eq!(swept(&mut coop, "2025-01-01T11:00:00Z"), 2);
    assert_eq!(records_of(&mut coop), [0, 0, 0]);
    let (last, uploaded) = upload.end();
    done(&mut coop, |batch| batch.put_piece(&last.unwrap())).unwrap();
    assert!(
        matches!(done(&mut coop, |batch| batch.end_upload(&uploaded)), Err(NotKept::Over)),
        "it has lost its beginning"
    );
}

#[test]
fn no_file_and_not_all_of_them_are_too_large() {
    let mut coop = coop();
    assert!(matches!(keep(&mut coop, &[1; 700_001]), Err(NotKept::TooLarge { most: 700_000 })));
    keep(&mut coop, &[1; 700_000]).unwrap();
    assert!(matches!(keep(&mut coop, &[2; 300_001]), Err(NotKept::NoRoom { most: 1_000_000, taken: 962_144 })));
    assert_eq!(records_of(&mut coop)[0], 1, "of what was refused nothing is left");
    keep(&mut coop, &[2; 300_000]).unwrap();
}

#[test]
fn the_same_bytes_are_kept_once_and_as_long_as_anything_has_them() {
    let mut coop = coop();
    let one = keep(&mut coop, b"abc").unwrap();
    publish(&mut coop, "1.0", &[&one]).unwrap();
    let other = keep(&mut coop, b"abc").unwrap();
    assert_eq!(records_of(&mut coop), [1, 1, 1]);
    publish(&mut coop, "1.1", &[&other]).unwrap();
    withdraw(&mut coop, "1.0");
    assert_eq!(read(&coop, &one.sha256, 0).unwrap(), b"abc");
    withdraw(&mut coop, "1.1");
    assert_eq!(records_of(&mut coop), [0, 0, 0]);
}

#[test]
fn other_bytes_than_the_log_s_are_named() {
    let mut coop = coop();
    let kept = keep(&mut coop, b"abc").unwrap();
    publish(&mut coop, "1.0", &[&kept]).unwrap();
    let piece = done(&mut coop, |batch| {
        let (mut found, id) = (String::new(), batch.coop.now.id.clone());
        batch.coop.store.scan(&id, PIECES, &mut |name, _| {
            found = String::from_utf8_lossy(name).into_owned();
            std::ops::ControlFlow::Break(())
        })?;
        batch.put(PIECES, found.as_bytes(), b"abd")?;
        Ok::<String, Error>(found)
    })
    .unwrap();
    assert!(verified(&mut coop).unwrap_err().contains("the bytes kept of the file"));
    done(&mut coop, |batch| batch.delete(PIECES, piece.as_bytes())).unwrap();
    assert!(verified(&mut coop).unwrap_err().contains("bytes kept of the file"));
    done(&mut coop, |batch| batch.delete(FILES, kept.sha256.as_bytes())).unwrap();
    assert!(verified(&mut coop).unwrap_err().contains("are missing, and a release has it"));
    done(&mut coop, |batch| batch.put(PIECES, b"x/00000000", b"abc")).unwrap();
    done(&mut coop, |batch| {
        let file = KeptFile { id: piece.split('/').next().unwrap().to_owned(), pieces: 1, bytes: 3, blake2b: None };
        batch.put(PIECES, piece.as_bytes(), b"abc")?;
        batch.put(FILES, kept.sha256.as_bytes(), &json(&file)?)
    })
    .unwrap();
    assert!(verified(&mut coop).unwrap_err().contains("the piece `x/00000000` is of no file"));
}

#[test]
fn a_media_type_goes_by_the_name() {
    let types = ["a.tar.gz", "A.ZIP", "tool", "page.html"].map(media_of);
    assert_eq!(types, ["application/gzip", "application/zip", "application/octet-stream", "text/html"]);
}

#[test]
fn a_stored_snapshot_has_what_came_out() {
    let mut coop = coop();
    let kept = keep(&mut coop, b"abc").unwrap();
    publish(&mut coop, "1.0", &[&kept]).unwrap();
    publish(&mut coop, "1.1", &[&kept]).unwrap();
    withdraw(&mut coop, "1.0");
    let now = &coop.now;
    let bytes = crate::stored::bytes_of(&now.id, now.head, &now.state, &now.history).unwrap();
    let (_, state, _) = crate::stored::read_bytes(&bytes, &now.id).unwrap();
    assert_eq!((state.hash(), &state.releases), (now.state.hash(), &now.state.releases));
}
