//! The acts of people on the forge. Each changes the forge once, is an event of its repository, and calls its hooks.

use sha2::{Digest as _, Sha256};

use super::{Comment, Commit, Event, Gone, Happening, Issue, Kind, Label, Number, Pull, Release, Review, World};
use crate::hook;
use crate::sign::hex;

impl World {
    /// Opens an issue.
    pub fn open_issue(&mut self, repository: usize, by: &str, title: &str, body: &str) -> Number {
        self.open(repository, Kind::Issue, by, (title, body), None)
    }

    /// Opens a proposal for merging.
    pub fn open_pull(&mut self, repository: usize, by: &str, title: &str, body: &str) -> Number {
        let pull = Pull { head: format!("branch-{}", self.last_id), ..Pull::default() };
        self.open(repository, Kind::Pull, by, (title, body), Some(pull))
    }

    fn open(
        &mut self,
        repository: usize,
        kind: Kind,
        by: &str,
        (title, body): (&str, &str),
        pull: Option<Pull>,
    ) -> Number {
        self.user(by);
        let at = Number { repository, kind, number: self.next_number(repository, kind) };
        let issue = Issue {
            id: self.fresh_id(),
            at,
            author: by.to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            open: true,
            reason: None,
            labels: Vec::new(),
            comments: Vec::new(),
            created: self.now,
            updated: self.now,
            closed: None,
            closed_by: None,
            gone: None,
            pull,
        };
        if let Some(known) = self.repositories.get_mut(repository) {
            known.issues.push(issue);
        }
        self.note(at, by, Happening::Opened);
        at
    }

    /// Closes an issue; nothing where it is closed.
    pub fn close(&mut self, at: Number, by: &str, reason: Option<&str>) {
        let now = self.now;
        let Some(issue) = self.issue_mut(at).filter(|issue| issue.open) else { return };
        (issue.open, issue.closed, issue.updated) = (false, Some(now), now);
        (issue.closed_by, issue.reason) = (Some(by.to_owned()), reason.map(str::to_owned));
        self.note(at, by, Happening::Closed(reason.map(str::to_owned)));
    }

    /// Opens a closed issue again.
    pub fn reopen(&mut self, at: Number, by: &str) {
        let now = self.now;
        let Some(issue) = self.issue_mut(at).filter(|issue| !issue.open) else { return };
        (issue.open, issue.closed, issue.updated) = (true, None, now);
        (issue.closed_by, issue.reason) = (None, Some("reopened".to_owned()));
        self.note(at, by, Happening::Reopened);
    }

    /// Gives an issue another title.
    pub fn retitle(&mut self, at: Number, by: &str, title: &str) {
        let now = self.now;
        let Some(issue) = self.issue_mut(at).filter(|issue| issue.title != title) else { return };
        let before = std::mem::replace(&mut issue.title, title.to_owned());
        issue.updated = now;
        self.note(at, by, Happening::Renamed(before, title.to_owned()));
    }

    /// Gives an issue another text.
    pub fn rewrite(&mut self, at: Number, by: &str, body: &str) {
        let now = self.now;
        let Some(issue) = self.issue_mut(at).filter(|issue| issue.body != body) else { return };
        (issue.body, issue.updated) = (body.to_owned(), now);
        self.note(at, by, Happening::Edited);
    }

    /// Makes a label, or finds it.
    pub fn make_label(&mut self, repository: usize, name: &str, color: &str) -> u64 {
        if let Some(known) = self.find_label(repository, name) {
            return known.id;
        }
        let label = Label { id: self.fresh_id(), name: name.to_owned(), color: color.to_owned() };
        let id = label.id;
        if let Some(known) = self.repositories.get_mut(repository) {
            known.labels.push(label);
        }
        id
    }

    /// Gives an issue exactly these labels.
    pub fn set_labels(&mut self, at: Number, by: &str, labels: &[u64]) {
        let now = self.now;
        let Some(issue) = self.issue_mut(at) else { return };
        let before = std::mem::replace(&mut issue.labels, labels.to_vec());
        let fresh: Vec<u64> = labels.iter().copied().filter(|id| !before.contains(id)).collect();
        let lost: Vec<u64> = before.iter().copied().filter(|id| !labels.contains(id)).collect();
        if fresh.is_empty() && lost.is_empty() {
            return;
        }
        issue.updated = now;
        for id in fresh {
            self.note(at, by, Happening::Labelled(id));
        }
        for id in lost {
            self.note(at, by, Happening::Unlabelled(id));
        }
    }

    /// Writes a comment; its id.
    pub fn comment(&mut self, at: Number, by: &str, body: &str) -> u64 {
        self.user(by);
        let (id, now) = (self.fresh_id(), self.now);
        let comment = Comment { id, author: by.to_owned(), body: body.to_owned(), created: now, updated: now };
        let Some(issue) = self.issue_mut(at) else { return 0 };
        issue.comments.push(comment);
        issue.updated = now;
        self.note(at, by, Happening::Commented(id));
        id
    }

    /// Changes a comment; whether there is such a one.
    pub fn edit_comment(&mut self, at: Number, by: &str, id: u64, body: &str) -> bool {
        let now = self.now;
        let Some(issue) = self.issue_mut(at) else { return false };
        let Some(comment) = issue.comments.iter_mut().find(|comment| comment.id == id) else { return false };
        (comment.body, comment.updated, issue.updated) = (body.to_owned(), now, now);
        self.note(at, by, Happening::CommentEdited(id));
        true
    }

    /// Deletes a comment; whether there was such a one.
    pub fn delete_comment(&mut self, at: Number, by: &str, id: u64) -> bool {
        let now = self.now;
        let Some(issue) = self.issue_mut(at).filter(|issue| issue.comment(id).is_some()) else { return false };
        issue.updated = now;
        self.note(at, by, Happening::CommentDeleted(id));
        if let Some(issue) = self.issue_mut(at) {
            issue.comments.retain(|comment| comment.id != id);
        }
        true
    }

    /// Where a comment is.
    #[must_use]
    pub fn find_comment(&self, repository: usize, id: u64) -> Option<Number> {
        let known = self.repositories.get(repository)?;
        known.issues.iter().find(|issue| issue.gone.is_none() && issue.comment(id).is_some()).map(|issue| issue.at)
    }

    /// Moves an issue to another repository, with its comments and without labels that are not there; its new number.
    pub fn transfer(&mut self, at: Number, by: &str, to: usize) -> Option<Number> {
        let there = Number { repository: to, kind: at.kind, number: self.next_number(to, at.kind) };
        let now = self.now;
        let fresh = self.fresh_id();
        let mut copy = self.issue(at).filter(|issue| issue.gone.is_none())?.clone();
        let names: Vec<String> = copy
            .labels
            .iter()
            .filter_map(|id| self.label(at.repository, *id))
            .map(|label| label.name.clone())
            .collect();
        copy.labels = names.iter().filter_map(|name| self.find_label(to, name)).map(|label| label.id).collect();
        (copy.id, copy.at, copy.updated) = (fresh, there, now);
        self.repositories.get_mut(to)?.issues.push(copy);
        self.note(at, by, Happening::Moved(there));
        if let Some(issue) = self.issue_mut(at) {
            (issue.gone, issue.updated) = (Some(Gone::Moved(there)), now);
            // GitLab leaves a closed issue behind; the others leave a pointer.
            (issue.open, issue.closed, issue.closed_by) = (false, Some(now), Some(by.to_owned()));
        }
        Some(there)
    }

    /// Deletes an issue. Its number is never given again.
    pub fn delete(&mut self, at: Number, by: &str) {
        if self.issue(at).is_none_or(|issue| issue.gone.is_some()) {
            return;
        }
        self.note(at, by, Happening::Deleted);
        let now = self.now;
        if let Some(issue) = self.issue_mut(at) {
            (issue.gone, issue.updated) = (Some(Gone::Deleted), now);
        }
    }

    /// Reviews a proposal; the review's id.
    pub fn review(&mut self, at: Number, by: &str, state: &str, body: &str) -> u64 {
        self.user(by);
        let (id, now) = (self.fresh_id(), self.now);
        let review = Review { id, author: by.to_owned(), state: state.to_owned(), body: body.to_owned(), at: now };
        let Some(pull) = self.issue_mut(at).and_then(|issue| {
            issue.updated = now;
            issue.pull.as_mut()
        }) else {
            return 0;
        };
        pull.reviews.push(review);
        self.note(at, by, Happening::Reviewed(id));
        id
    }

    /// Merges a proposal: a commit of its author, and the proposal is closed.
    pub fn merge(&mut self, at: Number, by: &str) {
        let Some(issue) = self.issue(at).filter(|issue| issue.open && issue.pull.is_some()) else { return };
        let (author, title, now) = (issue.author.clone(), issue.title.clone(), self.now);
        let sha = self.commit(at.repository, &author, &title);
        let Some(issue) = self.issue_mut(at) else { return };
        (issue.open, issue.closed, issue.updated, issue.closed_by) = (false, Some(now), now, Some(by.to_owned()));
        if let Some(pull) = &mut issue.pull {
            (pull.merged, pull.merged_at, pull.merged_by) = (Some(sha), Some(now), Some(by.to_owned()));
        }
        self.note(at, by, Happening::Merged);
    }

    /// Adds a commit; its hash.
    pub fn commit(&mut self, repository: usize, by: &str, message: &str) -> String {
        self.user(by);
        let (id, now) = (self.fresh_id(), self.now);
        let sha = hex(&Sha256::digest(format!("{id} {by} {message} {now}"))).get(..40).unwrap_or_default().to_owned();
        let commit = Commit { sha: sha.clone(), author: by.to_owned(), message: message.to_owned(), at: now };
        if let Some(known) = self.repositories.get_mut(repository) {
            known.commits.push(commit.clone());
        }
        hook::announce_push(self, repository, &commit);
        sha
    }

    /// Makes a release; its id.
    pub fn release(&mut self, repository: usize, by: &str, tag: &str, body: &str) -> u64 {
        self.user(by);
        let (id, now) = (self.fresh_id(), self.now);
        let release = Release { id, tag: tag.to_owned(), author: by.to_owned(), body: body.to_owned(), at: now };
        if let Some(known) = self.repositories.get_mut(repository) {
            known.releases.push(release.clone());
        }
        hook::announce_release(self, repository, &release);
        id
    }

    /// Gives a repository another name; the old one leads to it.
    pub fn rename(&mut self, repository: usize, name: &str) {
        if let Some(known) = self.repositories.get_mut(repository) {
            let before = known.full_name();
            known.former.push(before);
            name.clone_into(&mut known.name);
        }
    }

    /// Adds an event and calls the hooks.
    fn note(&mut self, at: Number, by: &str, what: Happening) {
        let event = Event { id: self.fresh_id(), at, actor: by.to_owned(), time: self.now, what };
        if let Some(known) = self.repositories.get_mut(at.repository) {
            known.events.push(event.clone());
        }
        hook::announce(self, &event);
    }
}
