"""A hub on this machine: the parts of the Hugging Face API that a download needs, and the faults of a bad day.

A repository is folders of commits. Large files are answered with a redirect and a sha256, small ones with the name of
their git blob, as the real hub does.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

LARGE = (".safetensors", ".bin", ".spm", ".model")


@dataclass
class Hub:
    """`commits[repository][commit]` is a folder, the last commit is `main`.

    Faults: `cut` closes the connection after so many bytes of a file, once; `stall` keeps it open instead; `size` lies
    about a file's size in the listing; `serve` serves other bytes under a name; `claim` is the commit that is claimed.
    """

    commits: dict[str, dict[str, Path]] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)
    stall: dict[str, int] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)
    serve: dict[str, bytes] = field(default_factory=dict)
    claim: str | None = None
    token: str | None = None
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    stalled: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def commit(self, repository: str, name: str, folder: Path) -> str:
        """Publish a folder as a commit, which is the repository's `main` from now on."""
        commit = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
        self.commits.setdefault(repository, {})[commit] = folder
        return commit

    def ranges(self, path: str) -> list[str | None]:
        """The `Range` of every GET of a file."""
        return [asked for method, target, asked in self.requests if method == "GET" and target.endswith(path)]

    @property
    def elsewhere(self) -> str:
        """The same server as another host: where large files lie, and a token must not go."""
        return self.url.replace("127.0.0.1", "localhost")

    @contextmanager
    def running(self) -> Iterator[Hub]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": self}))
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stalled.set()
            server.shutdown()
            server.server_close()
            thread.join()


class Handler(BaseHTTPRequestHandler):
    """One request; `hub` is set in a subclass of each hub."""

    hub: Hub
    hang = False
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        return

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.requests.append((self.command, path, self.headers.get("Range")))
        if path.startswith("/cdn/") and self.headers.get("Authorization"):
            self.hub.leaked.append(path)
        if (
            self.hub.token
            and not path.startswith("/cdn/")
            and self.headers.get("Authorization") != f"Bearer {self.hub.token}"
        ):
            self.error(401, "GatedRepo")
        elif listing := re.fullmatch(r"/api/models/([^/]+/[^/]+)/revision/(.+)", path):
            self.listing(*listing.groups())
        elif file := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([0-9a-f]{40})/(.+)", path):
            self.resolve(*file.groups(), body=body)
        elif cdn := re.fullmatch(r"/cdn/([^/]+/[^/]+)/([0-9a-f]{40})/(.+)", path):
            self.content({}, *cdn.groups(), body=body)
        else:
            self.error(404, "RepoNotFound")

    def listing(self, repository: str, revision: str) -> None:
        commits = self.hub.commits.get(repository)
        if commits is None:
            return self.error(404, "RepoNotFound")
        commit = list(commits)[-1] if revision == "main" else revision
        if commit not in commits:
            return self.error(404, "RevisionNotFound")
        files = [_sibling(self.hub, path) for path in sorted(commits[commit].iterdir())]
        body = json.dumps({"id": repository, "sha": self.hub.claim or commit, "siblings": files}).encode()
        self.reply(200, {"Content-Type": "application/json", "Content-Length": str(len(body))}, body)
        return None

    def resolve(self, repository: str, commit: str, name: str, *, body: bool) -> None:
        path = self.hub.commits.get(repository, {}).get(commit, Path("/nowhere")) / name
        if not path.is_file():
            return self.error(404, "EntryNotFound")
        headers = {"X-Repo-Commit": self.hub.claim or commit}
        content = path.read_bytes()
        if not name.endswith(LARGE):
            return self.content({**headers, "ETag": f'"{blob(content)}"'}, repository, commit, name, body=body)
        headers |= {"X-Linked-Etag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Linked-Size": str(len(content))}
        self.reply(
            302,
            {**headers, "Location": f"{self.hub.elsewhere}/cdn/{repository}/{commit}/{name}", "Content-Length": "0"},
            b"",
        )
        return None

    def content(self, headers: dict[str, str], repository: str, commit: str, name: str, *, body: bool) -> None:
        content = self.hub.serve.get(name, (self.hub.commits[repository][commit] / name).read_bytes())
        start = 0
        if found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or ""):
            start = int(found[1])
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        headers |= {"Content-Length": str(len(content) - start), "Accept-Ranges": "bytes"}
        self.reply(206 if start else 200, headers, self.broken(name, content[start:]) if body else b"")

    def broken(self, name: str, content: bytes) -> bytes:
        if (limit := self.hub.cut.pop(name, None)) is not None:
            self.close_connection = True
            return content[:limit]
        if (limit := self.hub.stall.pop(name, None)) is not None:
            self.close_connection = True
            self.hang = True
            return content[:limit]
        return content

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)
            self.wfile.flush()
        if self.hang:
            self.hub.stalled.wait(60)

    def error(self, status: int, code: str) -> None:
        self.reply(status, {"X-Error-Code": code, "X-Error-Message": code, "Content-Length": "0"}, b"")


def _sibling(hub: Hub, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    size = hub.size.get(path.name, len(content))
    listed: dict[str, Any] = {"rfilename": path.name, "size": size, "blobId": blob(content)}
    if path.name.endswith(LARGE):
        listed["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": size, "pointerSize": 134}
    return listed


def blob(content: bytes) -> str:
    """The name that git gives a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
