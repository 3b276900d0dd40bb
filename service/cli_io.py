"""What the commands read and write: files and standard input, lines, and signs of life on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import track

from service.errors import InvalidInput

T = TypeVar("T")

errors = Console(stderr=True)
HTML_NAMES = (".html", ".htm", ".xhtml")


def is_html(file: str, html: bool) -> bool:
    """Whether a file is HTML: it is said, or its name does."""
    return html or file.lower().endswith(HTML_NAMES)


def require_text(file: str, html: bool, option: str) -> None:
    """Refuse HTML where lines are counted: those of a page are not its sentences."""
    if is_html(file, html):
        raise typer.BadParameter(f"{option} goes with lines of plain text, not with HTML")


def read(file: str) -> str:
    """The text of a file or of standard input."""
    from service.article.intake import decode

    if file == "-":
        return decode(sys.stdin.buffer.read(), None)
    try:
        return decode(Path(file).read_bytes(), None)
    except OSError as error:
        raise InvalidInput(f"{file}: {error.strerror}", field="file") from None


def rows(text: str) -> list[str]:
    """The lines of a file as other programs count them: JSON may hold the separators that Python also splits at."""
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]


def print_line(text: str) -> None:
    """Write a line to standard output as it is: what other programs read is never wrapped or coloured."""
    sys.stdout.write(text.rstrip("\n") + "\n")


@contextmanager
def busy(what: str) -> Iterator[None]:
    """A spinner on standard error, where that is a terminal."""
    if not errors.is_terminal:
        yield
        return
    with errors.status(what):
        yield


def progress(items: Iterable[T], what: str) -> Iterable[T]:
    """A progress bar on standard error, where that is a terminal and standard output is not."""
    quiet = not errors.is_terminal or sys.stdout.isatty()
    return items if quiet else track(list(items), description=what, console=errors)
