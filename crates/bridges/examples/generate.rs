//! `cargo run --release -p bridges --example generate KIND ROWS ORDER > FILE`: writes a large file to
//! measure with. ORDER is `oldest-first`, `newest-first` or `shuffled`; the same every time.
#![allow(clippy::print_stdout, reason = "its output is the file")]

use std::io::Write;

use bridges::Kind;
use quantity::Moment;

const FIRST_DAY: i64 = 1_484_870_400;
const SECONDS_BETWEEN: i64 = 250;
const COLUMNS: &str = "datetime,shortId,shortGroup,description,type,kind,isRefund,isRefunded,\
    shortRefundId,displayAmount,amount,paymentProcessorFee,netAmount,balance,currency,accountSlug,\
    accountName,oppositeAccountSlug,oppositeAccountName,paymentMethodService,paymentMethodType,\
    expenseType,expenseTags,payoutMethodType,merchantId,orderMemo,taxAmount";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().and_then(|name| Kind::parse(&name)).ok_or("which kind?")?;
    let rows: u64 = arguments.next().ok_or("how many rows?")?.parse()?;
    let order = arguments.next().ok_or("in which order?")?;
    let header = match kind {
        Kind::OpenCollectiveCsv => COLUMNS,
        Kind::CommitsCsv => "commit,authored_at,author,files_changed",
        Kind::MembersCsv => "name,email,handle,kind,lists,joined",
        Kind::SupportCsv => "member,kind,amount,unit,given_at",
        Kind::GithubIssues => "[",
        Kind::Git | Kind::Forge | Kind::Balances => return Err("this is not written here".into()),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{header}")?;
    for i in 0..rows {
        let number = match order.as_str() {
            "oldest-first" => i,
            "newest-first" => rows - 1 - i,
            // Steps by a number that has no factor in common with most row counts.
            "shuffled" => i * 7_368_787 % rows,
            _ => return Err("in which order?".into()),
        };
        let end = if kind == Kind::GithubIssues && i + 1 < rows { "," } else { "" };
        writeln!(out, "{}{end}", row(kind, number))?;
    }
    if kind == Kind::GithubIssues {
        writeln!(out, "]")?;
    }
    out.flush()?;
    Ok(())
}

fn row(kind: Kind, number: u64) -> String {
    let seconds = i64::try_from(number).unwrap_or_default() * SECONDS_BETWEEN;
    let at = Moment(0).plus_seconds(FIRST_DAY + seconds);
    let member = number % 10_007;
    match kind {
        Kind::OpenCollectiveCsv => format!(
            "{at},{number:08x},{number:08x},Monthly contribution from member-{member:05} (Bronze),CREDIT,\
             CONTRIBUTION,,,,$2.00 USD,2,-0.38,1.62,100.00,USD,coop,coop,member-{member:05},\
             member-{member:05},STRIPE,CREDITCARD,,,,,,0"
        ),
        Kind::CommitsCsv => format!("{number:09x},{at},member-{member:05},3"),
        Kind::MembersCsv => {
            format!("Member {number},member-{number}@example.org,member-{number},person,contributors,{at}")
        }
        Kind::SupportCsv => format!("member-{member:05},donation,2.00,USD,{at}"),
        Kind::GithubIssues | Kind::Git | Kind::Forge | Kind::Balances => format!(
            "{{\"number\":{number},\"title\":\"Issue {number}\",\"state\":\"open\",\"labels\":[],\
             \"created_at\":\"{at}\",\"html_url\":\"https://example.org/{number}\"}}"
        ),
    }
}
