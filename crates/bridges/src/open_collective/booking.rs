//! The booking of one transaction: the amount paid, the parts kept back on the way, and the amount that arrived. The
//! account changes by exactly `netAmount`. It holds no names: accounts and narrations are a closed set of words.

use super::{Direction, Transaction};
use crate::{Posting, What};

/// The collective's money at its fiscal host.
const ASSETS: &str = "assets:open-collective";
const PROCESSOR_FEES: &str = "expenses:payment-processor-fees";
const HOST_FEES: &str = "expenses:host-fees";
const TAXES: &str = "expenses:taxes";
const DIFFERENCES: &str = "expenses:differences";

/// Returns the booking; none for a row that moves no money.
pub(super) fn of(transaction: &Transaction<'_>) -> Result<Option<What>, &'static str> {
    let (narration, account) = words(transaction);
    let known = [transaction.amount, transaction.fee, transaction.tax];
    let known = known.into_iter().try_fold(0_i64, i64::checked_add);
    let difference = known.and_then(|known| transaction.net.checked_sub(known));
    let difference = difference.ok_or("the amounts are too large")?;
    // Until 2021 the host took its fee inside the row of the contribution, in no column of its own.
    let difference_account = if transaction.is_gift() { HOST_FEES } else { DIFFERENCES };
    let mut postings = Vec::new();
    for (account, minor) in [
        (ASSETS, Some(transaction.net)),
        (account, transaction.amount.checked_neg()),
        (PROCESSOR_FEES, transaction.fee.checked_neg()),
        (TAXES, transaction.tax.checked_neg()),
        (difference_account, difference.checked_neg()),
    ] {
        let minor = minor.ok_or("the amounts are too large")?;
        post(&mut postings, account, minor);
    }
    if postings.is_empty() {
        return Ok(None);
    }
    let narration = narration.to_owned();
    Ok(Some(What::Booking { narration, currency: transaction.currency, postings }))
}

/// Returns the entry's narration, and the account that `amount` comes from or goes to.
fn words(transaction: &Transaction<'_>) -> (&'static str, &'static str) {
    use Direction::{Credit, Debit};
    match (transaction.kind, transaction.direction, transaction.is_refund) {
        ("CONTRIBUTION", Credit, false) => ("contribution", "income:contributions"),
        ("CONTRIBUTION", Debit, true) => ("refund of a contribution", "income:contributions"),
        ("CONTRIBUTION", Debit, false) => ("contribution given", "expenses:contributions-given"),
        ("CONTRIBUTION", Credit, true) => ("refund of a contribution given", "expenses:contributions-given"),
        ("ADDED_FUNDS", Credit, false) => ("added funds", "income:added-funds"),
        ("ADDED_FUNDS", Debit, true) => ("refund of added funds", "income:added-funds"),
        ("EXPENSE", Debit, _) => ("expense", "expenses:paid"),
        ("EXPENSE", Credit, true) => ("refund of an expense", "expenses:paid"),
        ("HOST_FEE", Debit, _) => ("host fee", HOST_FEES),
        ("HOST_FEE", Credit, _) => ("refund of a host fee", "income:refunded-fees"),
        ("PAYMENT_PROCESSOR_FEE", Debit, _) => ("payment processor fee", PROCESSOR_FEES),
        ("PAYMENT_PROCESSOR_FEE" | "PAYMENT_PROCESSOR_COVER", Credit, _) => {
            ("payment processor fee covered", "income:refunded-fees")
        }
        ("PAYMENT_PROCESSOR_DISPUTE_FEE", Debit, _) => ("dispute fee", PROCESSOR_FEES),
        ("PAYMENT_PROCESSOR_DISPUTE_FEE", Credit, _) => ("refund of a dispute fee", PROCESSOR_FEES),
        ("PAYMENT_PROCESSOR_COVER", Debit, true) => ("payment processor fee no longer covered", "income:refunded-fees"),
        ("TAX", Debit, _) => ("tax", TAXES),
        ("TAX", Credit, _) => ("tax given back", TAXES),
        // A refund of income lowers that income, and a refund of an expense lowers that expense.
        (_, Debit, true) => ("refund of other income", "income:other"),
        (_, Credit, true) => ("refund of another expense", "expenses:other"),
        (_, Credit, false) => ("other income", "income:other"),
        (_, Debit, false) => ("other expense", "expenses:other"),
    }
}

fn post(postings: &mut Vec<Posting>, account: &str, minor: i64) {
    if minor != 0 {
        postings.push(Posting { account: account.to_owned(), minor });
    }
}
