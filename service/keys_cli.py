"""`tolmach keys …`: make, list and revoke API keys in the file that TOLMACH_KEYS_FILE names."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from service.access.scopes import WORK, Scope
from service.errors import BadSetting, InvalidInput
from service.settings import Settings

if TYPE_CHECKING:
    from service.access.keys import Quota
    from service.access.store import Store

# The database is imported where it is needed: `tolmach --help` must answer at once.

keys = typer.Typer(no_args_is_help=True, help="API keys.")

# 15 digits at most: what databases and JSON's readers count in holds them.
_QUOTA = re.compile(r"([1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?:_[0-9]{3}){1,4})/(day|month)")

File = Annotated[Path | None, typer.Option("--file", help="The file of the keys; the setting decides if absent.")]


@keys.command()
def add(
    name: Annotated[str, typer.Argument(help="Who the key is for; seen in lists and logs.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="What it is good for; if absent, all work, but not memory and metrics."),
    ] = None,
    quota: Annotated[str | None, typer.Option(metavar="CHARS/day|month", help="Such as 2000000/month.")] = None,
    file: File = None,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    from service.access.keys import Keys

    with _store(file) as store:
        key, secret = Keys(store).add(name, scope or WORK, None if quota is None else _quota(quota))
    Console(stderr=True).print(
        f"Key {key.id} for {key.name!r}: {_listed(key.scopes)}. It is not shown again.", markup=False, highlight=False
    )
    sys.stdout.write(secret + "\n")


@keys.command("list")
def list_keys(
    everything: Annotated[bool, typer.Option("--all", help="Revoked ones too.")] = False, file: File = None
) -> None:
    """List the keys and what they have used."""
    from service.access.keys import Keys
    from service.access.usage import Ledger

    whole = [Column(name, no_wrap=True) for name in ("made", "revoked")]
    table = Table("id", "name", "scopes", "used", "quota", *whole, box=None)
    with _store(file) as store:
        ledger = Ledger(store)
        for key in Keys(store).list(revoked=everything):
            used = ledger.usage(key)
            table.add_row(
                key.id,
                key.name,
                _listed(key.scopes),
                f"{used.characters:,} this {key.period}",
                "none" if key.quota is None else f"{key.quota.characters:,} a {key.period}",
                f"{key.created:%Y-%m-%d}",
                "" if key.revoked is None else f"{key.revoked:%Y-%m-%d}",
            )
    Console().print(table)


@keys.command()
def revoke(which: Annotated[str, typer.Argument(metavar="NAME|ID")], file: File = None) -> None:
    """Make a key useless, in a running service within seconds."""
    from service.access.keys import Keys

    with _store(file) as store:
        key = Keys(store).revoke(which)
    sys.stdout.write(f"{key.id}: revoked\n")


@contextmanager
def _store(file: Path | None) -> Iterator[Store]:
    from service.access.store import Store

    chosen = file or Settings().keys_file
    if chosen is None:
        raise BadSetting("Where are the keys? Set TOLMACH_KEYS_FILE, for the service too, or give --file.")
    store = Store(chosen)
    try:
        yield store
    finally:
        store.close()


def _quota(text: str) -> Quota:
    from service.access.keys import Period, Quota

    matched = _QUOTA.fullmatch(text)
    if matched is None:
        raise InvalidInput(
            f"A quota is written like 2000000/month or 50_000/day, with 1 to 15 digits, not {text!r}.", field="quota"
        )
    return Quota(int(matched[1]), Period(matched[2]))


def _listed(scopes: frozenset[Scope]) -> str:
    return " ".join(sorted(scopes))
