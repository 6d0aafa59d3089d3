//! Frames as they are written and read, what is none, and a command's streams at both ends.

use std::ffi::OsString;
use std::io::Read as _;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::net::UnixStream;

use super::answers::{Input, answers};
use super::frame::{Frame, PIECE};
use super::{Call, is_own};

fn written(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    frame.write(&mut bytes).unwrap();
    bytes
}

#[test]
fn every_frame_is_read_as_it_was_written() {
    let odd = OsString::from_vec(vec![0xff, 0xfe, b' ', b'\n']);
    let call = Call { folder: "/there".into(), arguments: vec!["rochdale".into(), OsString::new(), odd] };
    for frame in [
        Frame::Welcome("rochdale".to_owned()),
        Frame::Call(call),
        Frame::Call(Call { folder: "/".into(), arguments: Vec::new() }),
        Frame::Output(vec![0, 255]),
        Frame::Errors(Vec::new()),
        Frame::WantsInput,
        Frame::Input(b"line\n".to_vec()),
        Frame::Progress { done: 7, total: u64::MAX, what: "importing".to_owned() },
        Frame::ProgressEnds,
        Frame::End(3),
    ] {
        assert_eq!(Frame::read(&mut written(&frame).as_slice()).unwrap(), frame);
    }
}

#[test]
fn a_cut_or_odd_frame_is_none() {
    let whole = written(&Frame::Progress { done: 1, total: 2, what: "w".to_owned() });
    for cut in 0..whole.len() {
        assert!(Frame::read(&mut &whole[..cut]).is_err(), "{cut}");
    }
    for bytes in [
        &[0, 0, 0, 0, 0][..],
        &[10, 0, 0, 0, 0],
        &[9, 0, 0, 0, 0],
        &[9, 0, 0, 0, 2, 1, 1],
        &[5, 0, 0, 0, 1, 1],
        &[7, 0, 0, 0, 3, 1, 1, 1],
        &[1, 0, 0, 0, 1, 0xff],
        &[2, 0, 0, 0, 0],
        &[2, 0, 0, 0, 1, b'/'],
        &[3, 0xff, 0xff, 0xff, 0xff],
        b"GET / HTTP/1.1\r\n\r\n",
    ] {
        assert!(Frame::read(&mut &*bytes).is_err(), "{bytes:?}");
    }
    assert!(Frame::Output(vec![0; 5 * 1024 * 1024]).write(&mut Vec::new()).is_err());
}

#[test]
fn a_client_gets_what_a_command_says_in_its_order() {
    let (mut server, mut client) = UnixStream::pair().unwrap();
    let (answers, outgoing) = answers();
    let sending = std::thread::spawn(move || outgoing.send_all(&mut server));
    answers.warn("careful");
    assert_eq!(Frame::read(&mut client).unwrap(), Frame::Errors(b"rochdale: careful\n".to_vec()));
    let bar = answers.bar(2, "importing");
    bar.step();
    // It comes by itself, and again only when there is more to tell.
    let told = |done| Frame::Progress { done, total: 2, what: "importing".to_owned() };
    assert_eq!(Frame::read(&mut client).unwrap(), told(1));
    bar.is_at(2, 2);
    assert_eq!(Frame::read(&mut client).unwrap(), told(2));
    bar.finish();
    assert_eq!(Frame::read(&mut client).unwrap(), Frame::ProgressEnds);
    answers.print(&vec![b'x'; PIECE + 1]).unwrap();
    assert_eq!(Frame::read(&mut client).unwrap(), Frame::Output(vec![b'x'; PIECE]));
    assert_eq!(Frame::read(&mut client).unwrap(), Frame::Output(b"x".to_vec()));
    answers.end(1);
    assert_eq!(Frame::read(&mut client).unwrap(), Frame::End(1));
    drop(bar);
    sending.join().unwrap().unwrap();
    assert!(Frame::read(&mut client).is_err());
}

#[test]
fn a_command_whose_client_has_gone_finds_a_closed_pipe() {
    let (mut server, client) = UnixStream::pair().unwrap();
    drop(client);
    let (answers, outgoing) = answers();
    let sending = std::thread::spawn(move || outgoing.send_all(&mut server));
    while answers.print(b"nobody reads this").is_ok() {}
    assert!(sending.join().unwrap().is_err());
    assert_eq!(answers.print(b"x").unwrap_err().kind(), std::io::ErrorKind::BrokenPipe);
}

#[test]
fn input_is_asked_for_when_it_is_read() {
    let (server, mut client) = UnixStream::pair().unwrap();
    let (mut to_client, mut asked) = UnixStream::pair().unwrap();
    let (answers, outgoing) = answers();
    let sending = std::thread::spawn(move || outgoing.send_all(&mut to_client));
    for piece in ["one ", "two", ""] {
        Frame::Input(piece.as_bytes().to_vec()).write(&mut client).unwrap();
    }
    let input = Input::new(server);
    let mut text = String::new();
    input.reader(&answers).read_to_string(&mut text).unwrap();
    assert_eq!(text, "one two");
    Frame::End(0).write(&mut client).unwrap();
    assert!(input.reader(&answers).read(&mut [0; 8]).is_err(), "this is no input");
    for frame in [Frame::WantsInput, Frame::WantsInput] {
        assert_eq!(Frame::read(&mut asked).unwrap(), frame);
    }
    drop(answers);
    sending.join().unwrap().unwrap();
}

#[test]
fn an_end_knows_its_own_user() {
    let (one, mut other) = UnixStream::pair().unwrap();
    assert!(is_own(&one).unwrap());
    // It still waits for what comes, as before.
    Frame::End(0).write(&mut other).unwrap();
    assert_eq!(Frame::read(&mut &one).unwrap(), Frame::End(0));
}
