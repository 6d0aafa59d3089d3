//! Letters on their way: sent once, tried again, given up; by a server of mail in this process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;
use crate::coop::tests::{at, charter};
use crate::{Coop, ServerClock};

const NOW: &str = "2025-01-02T10:00:00Z";

/// A server of mail that answers each letter as it is told, and hands on what it took.
fn sink(answers: Vec<&'static str>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let (took, taken) = channel();
    std::thread::spawn(move || {
        let mut answers = answers.into_iter();
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            if talk(stream, &mut answers, &took).is_none() {
                return;
            }
        }
    });
    (address, taken)
}

fn talk(mut stream: TcpStream, answers: &mut impl Iterator<Item = &'static str>, took: &Sender<String>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    stream.write_all(b"220 sink\r\n").ok()?;
    while let Some(Ok(line)) = lines.next() {
        let answer = match line.split(' ').next().unwrap_or_default() {
            "DATA" => {
                stream.write_all(b"354 go on\r\n").ok()?;
                let text: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                let answer = answers.next()?;
                if answer.starts_with('2') {
                    took.send(text.join("\n")).ok()?;
                }
                answer
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").ok(),
            _ => "250 yes",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
    Some(())
}

fn coop() -> Shared {
    let now = at(NOW);
    let coop = Coop::in_memory(charter(), false, now).unwrap();
    Shared::new(coop, ServerClock::Machine)
}

fn write(coop: &Shared, to: &str, now: Moment) {
    let to = to.to_owned();
    let until = Moment(now.0 + 600_000_000);
    coop.write(move |batch| batch.write_letter(&to, "Ünder", "words\n".to_owned(), (now, until))).unwrap();
}

#[test]
fn without_a_server_of_mail_no_letter_is_written() {
    let (coop, now) = (coop(), at(NOW));
    write(&coop, "member-001@example.org", now);
    assert!(!coop.read().has_mail().unwrap() && coop.read().letters().unwrap().is_empty());
    coop.set_mail(Some("https://coop.example/")).unwrap();
    write(&coop, "member-001@example.org", now);
    assert_eq!(coop.read().letters().unwrap().len(), 1);
    coop.set_mail(None).unwrap();
    assert!(!coop.read().has_mail().unwrap());
}

#[test]
fn a_letter_is_tried_again_and_sent_once() {
    let (coop, now) = (coop(), at(NOW));
    coop.set_mail(Some("https://coop.example")).unwrap();
    let (server, taken) = sink(vec!["451 later", "250 taken"]);
    let post = Post::by(&server, "Club <club@example.org>", None).unwrap();
    write(&coop, "member-001@example.org", now);
    post.carry(&coop, now).unwrap();
    assert!(taken.try_recv().is_err() && post.warning(&coop).unwrap().contains("later"));
    post.carry(&coop, now).unwrap();
    assert_eq!(coop.read().letters().unwrap()[0].1.tries, 1, "not before its time");
    post.carry(&coop, Moment(now.0 + 5_000_000)).unwrap();
    let letter = taken.recv().unwrap();
    assert!(letter.contains("To: member-001@example.org") && letter.contains("words"), "{letter}");
    assert!(letter.contains("From: Club <club@example.org>") && letter.contains(".000000000001@example.org>"));
    assert!(coop.read().letters().unwrap().is_empty() && post.warning(&coop).is_none());
    post.carry(&coop, Moment(now.0 + 60_000_000)).unwrap();
    assert!(taken.try_recv().is_err());
}

#[test]
fn a_letter_that_is_refused_for_good_is_listed_without_its_words() {
    let (coop, now) = (coop(), at(NOW));
    coop.set_mail(Some("https://coop.example")).unwrap();
    let (server, _taken) = sink(vec!["550 no such box"]);
    let post = Post::by(&server, "club@example.org", None).unwrap();
    write(&coop, "member-009@example.org", now);
    post.carry(&coop, now).unwrap();
    let kept = coop.read().letters().unwrap();
    assert!(kept[0].1.failed.as_ref().unwrap().contains("no such box") && kept[0].1.text.is_empty());
    post.carry(&coop, Moment(now.0 + KEPT_US)).unwrap();
    assert!(coop.read().letters().unwrap().is_empty(), "after a week it is forgotten");
}

#[test]
fn a_letter_that_is_of_no_use_any_more_is_not_sent() {
    let (coop, now) = (coop(), at(NOW));
    coop.set_mail(Some("https://coop.example")).unwrap();
    let (server, taken) = sink(vec!["250 taken"]);
    let post = Post::by(&server, "club@example.org", None).unwrap();
    write(&coop, "member-001@example.org", now);
    post.carry(&coop, Moment(now.0 + 600_000_000)).unwrap();
    assert!(taken.try_recv().is_err() && coop.read().letters().unwrap().is_empty());
}

#[test]
fn only_servers_of_mail_are_servers_of_mail() {
    for good in ["smtp://localhost:25", "smtp://[::1]:25", "smtps://mail.example:465", "smtp://mail.example:587"] {
        assert!(Post::by(good, "a@b.org", None).is_ok(), "{good}");
    }
    for bad in ["", "mail.example:25", "http://mail.example:25", "smtp://mail.example", "smtp://u:p@mail.example:25"] {
        assert!(Post::by(bad, "a@b.org", None).is_err(), "{bad}");
    }
    assert!(Post::by("smtp://localhost:25", "nobody", None).is_err());
}
