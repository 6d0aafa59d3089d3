//! Laws for any bytes whatever: an importer answers, and never half.

use std::ops::ControlFlow;

use bridges::export::csv_cell;
use bridges::{Kind, Refused, What, open};
use proptest::prelude::*;

const FILES: [Kind; 5] =
    [Kind::OpenCollectiveCsv, Kind::CommitsCsv, Kind::MembersCsv, Kind::SupportCsv, Kind::GithubIssues];

/// Returns the start of a right file, so that arbitrary bytes get past the header.
const fn start(kind: Kind) -> &'static str {
    match kind {
        Kind::OpenCollectiveCsv => include_str!("../data/open-collective.csv"),
        Kind::CommitsCsv => "commit,authored_at,author,files_changed\nabc1,2025-01-01,Ann,1\n",
        Kind::MembersCsv => "name,kind,joined\nAnn,person,2025-01-01\n",
        Kind::SupportCsv => "member,kind,amount,unit,given_at\nAnn,dues,5,USD,2025-01-01\n",
        Kind::GithubIssues | Kind::Git | Kind::Forge | Kind::Balances => {
            "[{\"number\":1,\"title\":\"x\",\"state\":\"open\",\"created_at\":\"2025-01-01\"}]"
        }
    }
}

/// Reads the bytes and checks that every promise is kept, whatever the answer.
fn answers(kind: Kind, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let mut source = match open(kind, &path, &mut |_, _| {}) {
        Ok(source) => source,
        Err(Refused::Mistakes { first, .. }) => {
            assert!(!first.is_empty() && first.len() <= Refused::SHOWN);
            assert!(first.is_sorted_by_key(|mistake| mistake.place));
            return;
        }
        Err(Refused::Fault { .. }) => return,
    };
    source
        .facts(&mut |fact| {
            if let What::Booking { postings, .. } = fact.what {
                let sum: i128 = postings.iter().map(|posting| i128::from(posting.minor)).sum();
                assert_eq!(sum, 0);
                assert!(!postings.is_empty());
            }
            ControlFlow::Continue(())
        })
        .unwrap();
}

proptest! {
    #[test]
    fn any_bytes_after_a_right_start(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for kind in FILES {
            answers(kind, &bytes);
            answers(kind, &[start(kind).as_bytes(), &bytes].concat());
        }
    }

    #[test]
    fn a_right_file_with_one_byte_changed(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for kind in FILES {
            let mut bytes = start(kind).as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            answers(kind, &bytes);
        }
    }

    #[test]
    fn a_right_file_cut_short(at in any::<prop::sample::Index>()) {
        for kind in FILES {
            let bytes = start(kind).as_bytes();
            answers(kind, &bytes[..at.index(bytes.len())]);
        }
    }

    /// A text that is written as a cell is read as the same text.
    #[test]
    fn cells_come_back(name in "[a-z][a-z,\"' ]{0,20}[a-z]") {
        let row = format!("member,kind,amount,unit,given_at\n{},dues,5,USD,2025-01-01\n", csv_cell(&name));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, row).unwrap();
        let mut source = open(Kind::SupportCsv, &path, &mut |_, _| {}).unwrap();
        let mut read = Vec::new();
        source
            .facts(&mut |fact| {
                if let What::Support { person, .. } = fact.what {
                    read.push(person.name);
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        prop_assert_eq!(read, [name]);
    }
}
