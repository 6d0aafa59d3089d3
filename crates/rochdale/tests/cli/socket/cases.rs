//! A table of what `import`, `invite` and `act` are given, good and bad: with a server and without they print the same and end the same.

use super::Twins;

const FILES: [(&str, &str); 15] = [
    (
        "oc.csv",
        "datetime,shortId,description,type,kind,isRefund,isRefunded,shortRefundId,amount,paymentProcessorFee,netAmount,taxAmount,currency,oppositeAccountSlug,oppositeAccountName\n2025-01-05T10:00:00,c0000001,Monthly contribution,CREDIT,CONTRIBUTION,,,,2,-0.36,1.64,0,USD,giver-001,giver-001\n2025-01-06T10:00:00,h0000002,Host Fee to a host,DEBIT,HOST_FEE,,,,-0.20,0,-0.20,0,USD,host,Host\n",
    ),
    (
        "oc-wrong.csv",
        "datetime,shortId,description,type,kind,isRefund,isRefunded,shortRefundId,amount,paymentProcessorFee,netAmount,taxAmount,currency,oppositeAccountSlug,oppositeAccountName\n2025-01-05T10:00:00,c0000009,Monthly contribution,CREDIT,CONTRIBUTION,,,,two,-0.36,1.64,0,USD,giver-001,giver-001\n",
    ),
    ("commits.csv", "commit,authored_at,author,files_changed\n85864b41,2025-01-02T21:51:59Z,member-001,1\n"),
    ("commits-wrong.csv", "commit,authored_at,author,files_changed\nxyz,yesterday,member-001,1\n"),
    (
        "issues.json",
        "[{\"number\":7,\"title\":\"Faster\",\"state\":\"open\",\"created_at\":\"2025-01-02T00:00:00Z\",\"updated_at\":\"2025-01-02T00:00:00Z\",\"closed_at\":null,\"html_url\":\"https://forge.example/7\",\"labels\":[],\"user\":{\"login\":\"x\"}}]",
    ),
    ("issues-wrong.json", "{\"number\":"),
    ("strangers.csv", "member,kind,amount,unit,given_at,source\nmember-009,donation,5,USD,2025-01-05,gift 9\n"),
    ("unknown.csv", "who,what\na,b\n"),
    ("empty.csv", ""),
    ("blank.jsonl", "\n\n"),
    ("fly.jsonl", "{\"act\":\"fly\"}\n"),
    (
        "torn.jsonl",
        "{\"act\":\"stand\",\"member\":\"member-002\",\"decision\":\"maintainer\"}\n{oops\n{\"act\":\"stand\",\"member\":\"member-001\",\"decision\":\"maintainer\"}\n",
    ),
    (
        "keys.jsonl",
        "{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"1\",\"key\":\"k1\"}\n{\"act\":\"open_item\",\"decision\":\"issues\",\"item\":\"1\",\"key\":\"k1\"}\n",
    ),
    ("refused.jsonl", "{\"act\":\"end_membership\",\"member\":\"m_0000000000001\"}\n"),
    ("stand.jsonl", "{\"act\":\"stand\",\"member\":\"member-001\",\"decision\":\"treasurer\"}\n"),
];

/// The words typed after `rochdale`, and how it ends. `HOME` is the co-op's folder.
const CASES: [(&str, i32); 37] = [
    ("import open-collective-csv oc.csv --dir HOME", 0),
    ("import open-collective-csv oc.csv --dir HOME --json", 0),
    ("import open-collective-csv oc-wrong.csv --dir HOME", 2),
    ("import commits-csv commits.csv --dir HOME --json", 0),
    ("import commits-csv commits-wrong.csv --dir HOME --json", 2),
    ("import github-issues issues.json --dir HOME", 0),
    ("import github-issues issues-wrong.json --dir HOME", 2),
    ("import support-csv strangers.csv --dir HOME", 0),
    ("import support-csv strangers.csv --dir HOME --new-members", 0),
    ("import support-csv unknown.csv --dir HOME", 2),
    ("import support-csv empty.csv --dir HOME", 2),
    ("import members-csv strangers.csv --dir HOME", 2),
    ("import support-csv strangers.csv --dir nowhere", 2),
    ("import support-csv strangers.csv", 2),
    // Of two files nothing is taken where one is wrong.
    ("import open-collective-csv oc.csv commits-csv commits-wrong.csv --dir HOME", 2),
    ("invite HOME member-003", 0),
    ("invite HOME member-003 --json", 0),
    ("invite HOME member-004 --for 0", 2),
    ("invite HOME member-004 --for 91", 2),
    ("invite HOME member-004 --address nonsense", 2),
    ("invite HOME member-004 --as member-001", 1),
    ("invite HOME member-004 --as member-010", 1),
    ("invite HOME ", 2),
    ("invite HOME --revoke member-010", 1),
    ("invite HOME", 2),
    ("invite nowhere member-003", 2),
    ("act HOME --file blank.jsonl", 0),
    ("act HOME --file fly.jsonl", 2),
    ("act HOME --file torn.jsonl", 2),
    ("act HOME --file keys.jsonl", 0),
    ("act HOME --file refused.jsonl", 1),
    ("act HOME --file stand.jsonl --as member-002", 1),
    ("act HOME --file stand.jsonl --at soon", 2),
    ("act HOME --file stand.jsonl --as member-001", 0),
    ("act HOME --file stand.jsonl", 1),
    ("act HOME", 2),
    ("act nowhere --file stand.jsonl", 2),
];

#[test]
fn good_and_bad_input_ends_the_same_with_a_server_and_without() {
    let twins = Twins::under("2");
    for place in [&twins.alone, &twins.served] {
        for (name, text) in FILES {
            place.write(&format!("desk/{name}"), text);
        }
    }
    for (typed, code) in CASES {
        let arguments: Vec<&str> = typed.split(' ').map(|word| if word == "HOME" { "../home" } else { word }).collect();
        twins.run(&arguments, code);
    }
    let [alone, served] = twins.logs();
    assert_eq!(super::plain(&served), super::plain(&alone));
}
