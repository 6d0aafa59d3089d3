//! kill -9 while releases go in: files of several pieces, killed at random. Every version that was acknowledged is whole, none is there by
//! half, and the room of what was cut off comes back.

use std::process::Stdio;
use std::time::Duration;

use engine::digest::hex;
use host::Coop;
use host::file::{NotKept, Room};
use quantity::Moment;

use super::{ROUNDS, Random};
use crate::crash::house::ended;
use crate::releases;

/// Five pieces.
const BYTES: usize = 1_200_000;

#[test]
fn kill_9_leaves_no_half_file_and_gives_room_back() {
    let rounds = std::env::var("ROCHDALE_KILL_ROUNDS").map_or(ROUNDS, |number| number.parse().unwrap());
    let mut random = Random(20_261_202);
    let place = releases::place();
    let bytes = |version: u64| format!("{version:08}").repeat(BYTES / 8);
    let (mut kills, mut tries, mut version, mut acknowledged) = (0, 0, 0, Vec::new());
    while kills < rounds {
        place.write("part.bin", bytes(version));
        let name = format!("v{version}");
        let arguments = ["release", "home", "binaries", &name, "part.bin", "--files-mib", "100000"];
        let mut child = place.command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // A slow machine ends nothing in time: the fourth try for a version is left alone.
        if tries < 3 {
            std::thread::park_timeout(Duration::from_millis(5 + random.below(250)));
            let _ = child.kill();
        }
        tries += 1;
        match ended(child, &arguments) {
            None => kills += 1,
            Some(ran) => {
                // One whose answer was lost is out already.
                assert!(ran.code == 0 || ran.err.contains("R137"), "{}", ran.err);
                acknowledged.push(version);
                (tries, version) = (0, version + 1);
            }
        }
    }
    place.run(&["verify", "home"]).ends(0);
    let mut coop = Coop::open(&place.path("home"), Moment(0)).unwrap();
    let mut out = 0;
    for (name, release) in coop.state().releases.of("binaries") {
        let number: u64 = name[1..].parse().unwrap();
        let whole = bytes(number);
        let kept = coop.kept_file(&hex(whole.as_bytes())).unwrap().expect("what is out is kept");
        let mut read = Vec::new();
        while let Some(piece) = coop.bytes_of(&kept, read.len() as u64).unwrap() {
            read.extend(piece);
        }
        assert!(read == whole.as_bytes() && release.files[0].bytes == kept.bytes, "{name} is whole");
        assert!(coop.file_signature("binaries", name, "part.bin").unwrap().is_some(), "and signed");
        out += 1;
    }
    let is_out = |version: &u64| coop.state().releases.get("binaries", &format!("v{version}")).is_some();
    assert!(acknowledged.iter().all(is_out), "nothing that was acknowledged is lost");
    let mut taken = |sweeps: bool| {
        let mut batch = coop.batch().unwrap();
        let swept = if sweeps { batch.sweep_uploads(Moment(i64::MAX)).unwrap() } else { 0 };
        let none = Room { file: 10, all: 0 };
        let Err(NotKept::NoRoom { taken, .. }) = batch.keep_file(b"a", none, Moment(0)) else {
            panic!("there is room")
        };
        batch.commit().unwrap();
        (taken, swept)
    };
    let (cut_off, _) = taken(false);
    let (kept, swept) = taken(true);
    assert_eq!(kept, out * BYTES as u64, "the bytes of what is out, and no more");
    println!(
        "{kills} kills, {} versions acknowledged, {out} out, {swept} cut off uploads of {} bytes swept",
        acknowledged.len(),
        cut_off - kept
    );
    assert!(swept > 0 || rounds < ROUNDS, "the test saw too little");
    drop(coop);
    place.run(&["verify", "home"]).ends(0);
}
