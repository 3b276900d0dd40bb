"""`tolmach models`: what is in the catalogue, what is here, and how to get, check, convert and remove it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from service.errors import InvalidInput
from service.settings import Settings

if TYPE_CHECKING:
    from service.translation.catalog import ModelEntry

models = typer.Typer(no_args_is_help=True, help="The models of the catalogue.")
errors = Console(stderr=True)

Model = Annotated[str, typer.Argument(help="Model id.")]
Quantization = Annotated[str, typer.Option(help="int8, int8_float32, int8_float16, int8_bfloat16, float16, …")]


@models.command("list")
def list_models() -> None:
    """List the models of the catalogue and whether their files are here."""
    from rich.table import Table

    from service.translation import catalog

    settings = Settings()
    table = Table("id", "architecture", "languages", "licence", "memory", "revision", "here", box=None)
    for entry in catalog.load(settings.models_dir).models:
        here = "yes" if catalog.is_present(entry, settings.models_dir) else "no"
        licence = entry.licence if entry.commercial_use else f"{entry.licence} (no commercial use)"
        revision = entry.revision[:12] or entry.pin or ""
        memory = f"{entry.memory_mb} MiB"
        table.add_row(entry.id, entry.architecture, " ".join(entry.languages), licence, memory, revision, here)
    # A pipe has no width: nothing is wrapped for a program that reads it.
    Console(width=None if sys.stdout.isatty() else 240).print(table)


@models.command()
def pull(
    model: Model,
    quantization: Quantization = "int8",
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Accept a build that differs from the locked one.")
    ] = False,
) -> None:
    """Fetch a model, check every byte, convert it, compare the build with the original, and lock all that.

    HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are heeded. A pull that was cut off goes on where it stopped.
    """
    _require_extra("hub", "huggingface_hub", "filelock", "torch", "transformers")
    from service.translation import catalog, hub, parity

    settings = Settings()
    parity.sentences(catalog.load(settings.models_dir).get(model))  # or gigabytes would be fetched in vain
    entry = hub.pull(settings.models_dir, model, quantization=quantization, rebuild=rebuild, say=_say)
    _print(f"{entry.id}: revision {entry.revision}, {len(entry.files)} files locked")
    if not entry.commercial_use:
        _say(f"The licence of {entry.id}, {entry.licence}, does not allow commercial use.")


@models.command()
def verify(model: Annotated[str | None, typer.Argument(help="Model id; all that are here if absent.")] = None) -> None:
    """Check every file of a model against its size and sha256 in the catalogue or the lock file."""
    from service.translation import catalog

    settings = Settings()
    catalogue = catalog.load(settings.models_dir)
    for entry in [catalogue.get(model)] if model else _present(catalogue.models, settings.models_dir):
        with _busy(f"Verifying {entry.id} …"):
            catalog.verify(entry, settings.models_dir)
        _print(f"{entry.id}: {len(entry.files)} files as pinned")


@models.command()
def build(
    model: Model,
    from_dir: Annotated[
        Path | None, typer.Option("--from", help="A transformers folder that replaces one of our own models.")
    ] = None,
    quantization: Quantization = "int8",
) -> None:
    """Convert a model that is here again and pin the result; with --from, replace the model first."""
    _require_extra("transformers", "torch", "transformers")
    from service.translation import convert

    with _busy(f"Building {model} …"):
        entry = convert.build(Settings().models_dir, model, from_dir=from_dir, quantization=quantization)
    _print(f"{entry.id}: revision {entry.revision}, {len(entry.files)} files pinned")


@models.command()
def remove(
    model: Model,
    forget: Annotated[
        bool, typer.Option("--forget", help="Drop its lock too: the next pull may find anything.")
    ] = False,
) -> None:
    """Delete a pulled model. Its lock stays, so that it can only be pulled again as it was."""
    _require_extra("hub", "filelock")
    from service.translation import hub

    found = hub.remove(Settings().models_dir, model, forget=forget)
    _print(f"{model}: {'removed' if found else 'was not here'}")


def _present(entries: list[ModelEntry], models_dir: Path) -> list[ModelEntry]:
    from service.translation import catalog

    return [entry for entry in entries if catalog.is_present(entry, models_dir)]


def _require_extra(extra: str, *modules: str) -> None:
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise InvalidInput(f"This needs {', '.join(missing)}: install tolmach[{extra}].")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _say(text: str) -> None:
    errors.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _busy(what: str) -> Iterator[None]:
    """A spinner on standard error, where that is a terminal."""
    if not errors.is_terminal:
        yield
        return
    with errors.status(what):
        yield
