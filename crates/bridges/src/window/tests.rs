//! A window returns the right bytes, and holds those that will be read next.

use std::fs::{File, OpenOptions};

use super::*;

fn file() -> File {
    let mut file = tempfile::tempfile().unwrap();
    let bytes: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8).collect();
    std::io::Write::write_all(&mut file, &bytes).unwrap();
    file
}

fn check(window: &mut Window, file: &mut File, offset: u64) {
    let bytes = window.read(file, offset, 1_000).unwrap();
    assert_eq!(bytes.len(), 1_000);
    assert_eq!(u64::from(bytes[0]), offset % 251);
    assert_eq!(u64::from(bytes[999]), (offset + 999) % 251);
}

#[test]
fn any_order_gives_the_right_bytes() {
    let mut file = file();
    let mut window = Window::default();
    for i in 0..500 {
        check(&mut window, &mut file, i * 7_919 % 199_000);
    }
    assert!(window.read(&mut file, 199_500, 1_000).is_err(), "the file ends before");
}

/// Emptying the file shows which bytes are read from it again.
#[test]
fn neighbours_on_either_side_are_held_already() {
    for offsets in [[90_000, 95_000, 105_000, 115_000], [90_000, 85_000, 75_000, 70_000]] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, [0; 200_000]).unwrap();
        let mut file = File::open(&path).unwrap();
        let mut window = Window::default();
        for offset in &offsets[..3] {
            window.read(&mut file, *offset, 1_000).unwrap();
        }
        OpenOptions::new().write(true).open(&path).unwrap().set_len(0).unwrap();
        assert!(window.read(&mut file, offsets[3], 1_000).is_ok(), "{offsets:?}");
        assert!(window.read(&mut file, 0, 1_000).is_err());
    }
}
