//! Every importer refuses every kind of bad file as a whole: one clear error with line and column, nothing
//! handed out. The rows of `checks.md` F10 and issue 2.

mod bytes;
mod values;

use std::ops::ControlFlow;
use std::path::Path;

use bridges::{Fact, Kind, Refused, open};

const CSV: [Kind; 4] = [Kind::OpenCollectiveCsv, Kind::CommitsCsv, Kind::MembersCsv, Kind::SupportCsv];

const FILES: [Kind; 5] =
    [Kind::OpenCollectiveCsv, Kind::CommitsCsv, Kind::MembersCsv, Kind::SupportCsv, Kind::GithubIssues];

/// Returns a header and two right rows. The tests break cells of the second row.
fn right(kind: Kind) -> &'static str {
    match kind {
        Kind::OpenCollectiveCsv => {
            "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,\
             netAmount,currency,oppositeAccountSlug,oppositeAccountName,taxAmount\n\
             2025-01-01T00:00:00,id1,Contribution,CREDIT,CONTRIBUTION,,,5,-1,4,USD,slug-1,Name One,0\n\
             2025-01-02T00:00:00,id2,Contribution,CREDIT,CONTRIBUTION,,,5,-1,4,USD,slug-2,Name Two,0\n"
        }
        Kind::CommitsCsv => {
            "commit,authored_at,author,files_changed\n\
             abc1,2025-01-01T00:00:00Z,Name One,1\n\
             abc2,2025-01-02T00:00:00Z,Name Two,1\n"
        }
        Kind::MembersCsv => {
            "name,email,handle,kind,lists,joined\n\
             Name One,one@example.org,one,person,a;b,2025-01-01\n\
             Name Two,two@example.org,two,person,,2025-01-02\n"
        }
        Kind::SupportCsv => {
            "member,kind,amount,unit,given_at,source\n\
             Name One,donation,5.00,USD,2025-01-01,s1\n\
             Name Two,donation,5.00,USD,2025-01-02,s2\n"
        }
        Kind::GithubIssues => {
            "[{\"number\":1,\"title\":\"One\",\"state\":\"open\",\"created_at\":\"2025-01-01T00:00:00Z\"},\n \
              {\"number\":2,\"title\":\"Two\",\"state\":\"open\",\"created_at\":\"2025-01-02T00:00:00Z\"}]\n"
        }
        Kind::Git | Kind::Forge | Kind::Balances => unreachable!("these are no files"),
    }
}

/// Returns the facts, or the messages.
fn read(kind: Kind, bytes: &[u8]) -> Result<Vec<Fact>, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    read_path(kind, &path)
}

fn read_path(kind: Kind, path: &Path) -> Result<Vec<Fact>, Vec<String>> {
    let mut source = match open(kind, path, &mut |_, _| {}) {
        Ok(source) => source,
        Err(Refused::Mistakes { first, .. }) => {
            return Err(first.iter().map(ToString::to_string).collect());
        }
        Err(Refused::Fault { why, .. }) => return Err(vec![why]),
    };
    let mut facts = Vec::new();
    source
        .facts(&mut |fact| {
            facts.push(fact);
            ControlFlow::Continue(())
        })
        .unwrap();
    Ok(facts)
}

/// INVARIANT: there is exactly one mistake, and it begins with `expected`.
fn check(kind: Kind, bytes: impl AsRef<[u8]>, expected: &str) {
    let mistakes = read(kind, bytes.as_ref()).unwrap_err();
    assert_eq!(mistakes.len(), 1, "{}: {mistakes:#?}", kind.name());
    assert!(mistakes[0].starts_with(expected), "{}: {} is not {expected}", kind.name(), mistakes[0]);
    assert!(mistakes[0].len() < 1_000, "{}: the message is short", kind.name());
}

/// Returns the place of the second row's cell that holds `text`.
fn place(kind: Kind, text: &str) -> String {
    let whole = right(kind);
    let at = whole.rfind(text).unwrap();
    let line = whole[..at].matches('\n').count() + 1;
    let column = at - whole[..at].rfind('\n').map_or(0, |newline| newline + 1) + 1;
    format!("file:{line}:{column}: ")
}

/// Replaces the last `from`, which is the cell of the second row.
fn broken(kind: Kind, from: &str, to: &str) -> String {
    let whole = right(kind);
    let at = whole.rfind(from).unwrap();
    format!("{}{to}{}", &whole[..at], &whole[at + from.len()..])
}

/// Returns a cell of the second row that any text may stand in.
const fn text_cell(kind: Kind) -> &'static str {
    match kind {
        Kind::GithubIssues => "\"Two\"",
        _ => "Name Two",
    }
}
