"""Other people's clients drive the stand-in for a forge (crates/forge-double): it is honest where they find what they expect.

    check_double.py PROGRAM        the double's binary

PyGithub speaks to it as to GitHub, python-gitlab as to GitLab, py-gitea as to Gitea. Nothing leaves this machine.
"""

import hashlib
import hmac
import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

PASSED = []
# PyGithub waits a second between writes, and tries again, on its own.
SWIFT = {"retry": None, "seconds_between_requests": None, "seconds_between_writes": None}


def check(said, given, expected):
    if given != expected:
        raise AssertionError(f"{said}: {given!r}, and {expected!r} was expected")
    PASSED.append(said)


def refused(said, kind, call, status=None):
    """The call ends in the client's own exception of this kind."""
    try:
        call()
    except kind as why:
        if status is not None:
            given = getattr(why, "status", None) or getattr(why, "response_code", None)
            check(said, given, status)
        else:
            PASSED.append(said)
        return
    raise AssertionError(f"{said}: nothing was refused")


class Double:
    def __init__(self, url):
        self.url = url

    def tell(self, door, /, **fields):
        body = json.dumps(fields).encode()
        request = urllib.request.Request(f"{self.url}/_double/{door}", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())


@contextmanager
def double(program, dialect):
    child = subprocess.Popen([program, dialect], stdout=subprocess.PIPE, text=True)
    try:
        yield Double(child.stdout.readline().strip().removeprefix("listening on "))
    finally:
        child.kill()
        child.wait()


def a_life(forge):
    """A repository with some history, by the double's own door."""
    forge.tell("repository", owner="coop-001", name="tool")
    forge.tell("repository", owner="coop-001", name="other")
    forge.tell("token", token="reads", login="member-001", access="read")
    forge.tell("token", token="looks", login="member-002", access="public")
    for number in range(45):
        forge.tell("act", act="open", repository="coop-001/tool", by="member-001", title=f"Issue {number}", body="It leaks.")
        forge.tell("pass", seconds=60)


def check_github(program):
    import github

    with double(program, "github") as forge:
        a_life(forge)
        client = github.Github(auth=github.Auth.Token("forge-token"), base_url=forge.url, **SWIFT)
        project = client.get_repo("coop-001/tool")
        check("github: who the token is", client.get_user().login, "rochdale-bot")
        check("github: all issues over pages", len(list(project.get_issues(state="all"))), 45)
        issue = project.get_issue(1)
        check("github: a title", issue.title, "Issue 0")
        comment = issue.create_comment("Backed by 3 members. <!-- rochdale:1 -->")
        check("github: a hidden mark stays", "<!-- rochdale:1 -->" in issue.get_comments()[0].body, True)
        comment.edit("Backed by 4 members. <!-- rochdale:1 -->")
        check("github: an edited comment", issue.get_comment(comment.id).body.startswith("Backed by 4"), True)
        issue.add_to_labels("backed")
        check("github: labels by name", [label.name for label in issue.get_labels()], ["backed"])
        issue.remove_from_labels("backed")
        check("github: a label taken off", [label.name for label in issue.get_labels()], [])
        issue.edit(state="closed", state_reason="not_planned")
        check("github: closed with its reason", (issue.state, issue.state_reason), ("closed", "not_planned"))
        issue.edit(state="closed", state_reason="not_planned")
        check("github: closed once", [event.event for event in issue.get_events()].count("closed"), 1)
        issue.edit(state="open")
        check("github: open again", project.get_issue(1).state, "open")
        issue.edit(title="Better said")
        check("github: the history", [event.event for event in issue.get_events()][-1], "renamed")
        since = project.get_issue(45).created_at
        forge.tell("pass", seconds=3600)
        project.get_issue(3).create_comment("Later")
        check("github: changed since", {issue.number for issue in project.get_issues(since=since)}, {1, 3, 45})
        pull = forge.tell("act", act="pull", repository="coop-001/tool", by="member-002", title="A change")["made"]
        forge.tell("act", act="review", kind="pull", repository="coop-001/tool", number=pull, by="member-003", title="APPROVED")
        forge.tell("act", act="merge", kind="pull", repository="coop-001/tool", number=pull, by="member-001")
        merged = project.get_pull(pull)
        check("github: merged by", (merged.merged, merged.merged_by.login), (True, "member-001"))
        check("github: a review", [review.state for review in merged.get_reviews()], ["APPROVED"])
        check("github: a proposal is an issue too", project.get_issue(pull).pull_request is not None, True)
        check("github: the commit", project.get_commits()[0].author.login, "member-002")
        forge.tell("act", act="release", repository="coop-001/tool", by="member-001", title="v1.0", body="First")
        check("github: a release", project.get_releases()[0].tag_name, "v1.0")
        made = project.create_hook("web", {"url": "http://127.0.0.1:9/in", "secret": "a secret"}, ["issues"])
        check("github: a hook", made.config["url"], "http://127.0.0.1:9/in")
        project.create_issue("By a hook")
        sent = forge.tell("deliveries")[0]
        given = dict(sent["headers"])["X-Hub-Signature-256"]
        right = hmac.new(b"a secret", sent["body"].encode(), hashlib.sha256).hexdigest()
        check("github: the delivery's signature", given, f"sha256={right}")
        there = forge.tell("act", act="transfer", repository="coop-001/tool", number=2, by="member-001", to="coop-001/other")["made"]
        moved = client.get_repo("coop-001/tool").get_issue(2)
        check("github: moved away", (moved.number, moved.repository.name), (there, "other"))
        forge.tell("act", act="delete", repository="coop-001/tool", number=3, by="member-001")
        refused("github: deleted", github.GithubException, lambda: project.get_issue(3), 410)
        refused("github: not there", github.UnknownObjectException, lambda: project.get_issue(999), 404)

        def by(token):
            return github.Github(auth=github.Auth.Token(token), base_url=forge.url, **SWIFT)

        refused("github: a wrong token", github.BadCredentialsException, lambda: by("wrong").get_user().login, 401)
        reads = by("reads").get_repo("coop-001/tool").get_issue(4)
        refused("github: a token that only reads", github.GithubException, lambda: reads.create_comment("x"), 403)
        looks = by("looks").get_repo("coop-001/tool").get_issue(4)
        refused("github: a stranger who closes", github.GithubException, lambda: looks.edit(state="closed"), 403)
        refused("github: an empty comment", github.GithubException, lambda: issue.create_comment(""), 422)
        for status in (403, 429):
            forge.tell("demand", fault="secondary", status=status)
            refused(f"github: a secondary limit as {status}", github.GithubException, lambda: client.get_user().login, status)
        forge.tell("demand", fault="spent", seconds=60)
        refused("github: the hour is used up", github.RateLimitExceededException, lambda: project.get_issue(4), 403)
        check("github: the limit", client.get_rate_limit().resources.core.limit, 5000)


def check_gitlab(program):
    import gitlab

    with double(program, "gitlab") as forge:
        a_life(forge)

        def by(token):
            return gitlab.Gitlab(forge.url, private_token=token, retry_transient_errors=False)

        client = by("forge-token")
        client.auth()
        check("gitlab: who the token is", client.user.username, "rochdale-bot")
        project = client.projects.get("coop-001/tool")
        check("gitlab: all issues over pages", len(project.issues.list(get_all=True)), 45)
        issue = project.issues.get(1)
        note = issue.notes.create({"body": "Backed by 3 members. <!-- rochdale:1 -->"})
        check("gitlab: a hidden mark stays", "<!-- rochdale:1 -->" in issue.notes.get(note.id).body, True)
        note.body = "Backed by 4 members. <!-- rochdale:1 -->"
        note.save()
        check("gitlab: an edited note", issue.notes.list()[0].body.startswith("Backed by 4"), True)
        issue.labels = ["backed"]
        issue.save()
        check("gitlab: labels by name", project.issues.get(1).labels, ["backed"])
        issue.state_event = "close"
        issue.save()
        check("gitlab: closed", project.issues.get(1).state, "closed")
        check("gitlab: closed once", [event.state for event in issue.resourcestateevents.list()], ["closed"])
        issue.state_event = "reopen"
        issue.save()
        check("gitlab: open again", project.issues.get(1).state, "opened")
        since = project.issues.get(45).created_at
        forge.tell("pass", seconds=3600)
        project.issues.get(3).notes.create({"body": "Later"})
        changed = project.issues.list(updated_after=since, order_by="updated_at", sort="asc", get_all=True)
        check("gitlab: changed since", [issue.iid for issue in changed], [45, 1, 3])
        forge.tell("act", act="pull", repository="coop-001/tool", by="member-002", title="A change")
        forge.tell("act", act="review", kind="pull", repository="coop-001/tool", number=1, by="member-003", title="APPROVED")
        forge.tell("act", act="merge", kind="pull", repository="coop-001/tool", number=1, by="member-001")
        merged = project.mergerequests.get(1)
        check("gitlab: merged", (merged.state, merged.merge_user["username"]), ("merged", "member-001"))
        check("gitlab: approved by", merged.approvals.get().approved_by[0]["user"]["username"], "member-003")
        check("gitlab: the commit", project.commits.list()[0].author_name, "member-002")
        forge.tell("act", act="release", repository="coop-001/tool", by="member-001", title="v1.0", body="First")
        check("gitlab: a release", project.releases.list()[0].tag_name, "v1.0")
        project.hooks.create({"url": "http://127.0.0.1:9/in", "token": "a secret", "issues_events": True})
        project.issues.create({"title": "By a hook"})
        headers = dict(forge.tell("deliveries")[0]["headers"])
        check("gitlab: the delivery's token", headers["X-Gitlab-Token"], "a secret")
        other = client.projects.get("coop-001/other")
        project.issues.get(2).move(other.id)
        left = project.issues.get(2)
        check("gitlab: moved away", (left.state, left.moved_to_id), ("closed", other.issues.list()[0].id))
        project.issues.delete(3)
        refused("gitlab: deleted", gitlab.GitlabGetError, lambda: project.issues.get(3), 404)
        refused("gitlab: a wrong token", gitlab.GitlabAuthenticationError, lambda: by("wrong").auth(), 401)
        reads = by("reads").projects.get("coop-001/tool").issues.get(4)
        refused("gitlab: a token that only reads", gitlab.GitlabCreateError, lambda: reads.notes.create({"body": "x"}), 403)
        looks = by("looks").projects.get("coop-001/tool").issues.get(4)
        looks.state_event = "close"
        refused("gitlab: a stranger who closes", gitlab.GitlabUpdateError, looks.save, 403)
        refused("gitlab: an empty note", gitlab.GitlabCreateError, lambda: issue.notes.create({"body": ""}), 400)
        forge.tell("demand", fault="secondary", status=429, retry_after=0)
        check("gitlab: a limit is waited for", project.issues.get(4).iid, 4)
        forge.tell("demand", fault="broken")
        refused("gitlab: a server that is broken", gitlab.GitlabGetError, lambda: project.issues.get(4), 500)


def check_gitea(program):
    import gitea

    with double(program, "gitea") as forge:
        a_life(forge)

        def by(token):
            return gitea.Gitea(forge.url, token, log_level="CRITICAL")

        client = by("forge-token")
        check("gitea: its version", client.get_version().startswith("1."), True)
        check("gitea: who the token is", client.get_user().username, "rochdale-bot")
        project = gitea.Repository.request(client, "coop-001", "tool")
        check("gitea: its name", project.name, "tool")
        base = "/repos/coop-001/tool"
        check("gitea: all issues over pages", len(client.requests_get_paginated(f"{base}/issues", {"state": "all", "type": "issues"})), 45)
        issue = gitea.Issue.request(client, "coop-001", "tool", "1")
        check("gitea: a title", (issue.title, issue.state), ("Issue 0", "open"))
        comment = client.requests_post(f"{base}/issues/1/comments", {"body": "Backed by 3 members. <!-- rochdale:1 -->"})
        told = client.requests_get(f"{base}/issues/comments/{comment['id']}")
        check("gitea: a hidden mark stays", "<!-- rochdale:1 -->" in told["body"], True)
        label = client.requests_post(f"{base}/labels", {"name": "backed", "color": "#00aa00"})
        added = client.requests_post(f"{base}/issues/1/labels", {"labels": [label["id"]]})
        check("gitea: labels by id", [label["name"] for label in added], ["backed"])
        by_name = {"labels": ["backed"]}
        refused("gitea: labels by name", gitea.exceptions.Unprocessable, lambda: client.requests_post(f"{base}/issues/1/labels", by_name))
        client.requests_delete(f"{base}/issues/1/labels/{label['id']}")
        check("gitea: a label taken off", client.requests_get(f"{base}/issues/1/labels") or [], [])
        issue.state = "closed"
        issue.commit()
        check("gitea: closed", gitea.Issue.request(client, "coop-001", "tool", "1").state, "closed")
        issue = gitea.Issue.request(client, "coop-001", "tool", "1")
        issue.state = "open"
        issue.title = "Better said"
        issue.commit()
        again = gitea.Issue.request(client, "coop-001", "tool", "1")
        check("gitea: open again, retitled", (again.state, again.title), ("open", "Better said"))
        history = [row["type"] for row in client.requests_get(f"{base}/issues/1/timeline")]
        check("gitea: the history", history, ["comment", "label", "label", "close", "change_title", "reopen"])
        since = client.requests_get(f"{base}/issues/45")["created_at"]
        forge.tell("pass", seconds=3600)
        client.requests_post(f"{base}/issues/3/comments", {"body": "Later"})
        changed = client.requests_get(f"{base}/issues", {"since": since, "state": "all"})
        check("gitea: changed since", {issue["number"] for issue in changed}, {1, 3, 45})
        client.requests_post(f"{base}/hooks", {"type": "gitea", "config": {"url": "http://127.0.0.1:9/in", "content_type": "json", "secret": "a secret"}, "events": ["issues"]})
        client.requests_post(f"{base}/issues", {"title": "By a hook"})
        sent = forge.tell("deliveries")[0]
        right = hmac.new(b"a secret", sent["body"].encode(), hashlib.sha256).hexdigest()
        check("gitea: the delivery's signature", dict(sent["headers"])["X-Gitea-Signature"], right)
        client.requests_delete(f"{base}/issues/3")
        missing = gitea.exceptions.NotFoundException
        refused("gitea: deleted", missing, lambda: gitea.Issue.request(client, "coop-001", "tool", "3"))
        refused("gitea: a wrong token", Exception, lambda: by("wrong").get_user())
        reads = by("reads")
        refused("gitea: a token that only reads", Exception, lambda: reads.requests_post(f"{base}/issues/4/comments", {"body": "x"}))
        refused("gitea: a repository that is not there", missing, lambda: gitea.Repository.request(client, "coop-001", "no"))
        check("gitea: commits", len(client.requests_get(f"{base}/commits") or []), 0)
        forge.tell("act", act="commit", repository="coop-001/tool", by="member-002", body="Mend it")
        check("gitea: the commit", client.requests_get(f"{base}/commits")[0]["author"]["login"], "member-002")


def main():
    program = sys.argv[1]
    failed = 0
    for part in (check_github, check_gitlab, check_gitea):
        try:
            part(program)
        except Exception as why:  # noqa: BLE001  each client has exceptions of its own
            failed += 1
            print(f"{part.__name__}: {type(why).__name__}: {why}", file=sys.stderr)
    print(f"{len(PASSED)} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
