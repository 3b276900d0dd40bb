"""Fetch a public model from its repository, exactly the bytes that are pinned, and install it converted and checked.

What arrives is staged beside the models and goes on where it stopped; a model's folder appears only when it is whole.
HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE mean what they mean to huggingface_hub.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service import __version__
from service.errors import InvalidInput, ModelFileError, PullFailed
from service.translation import catalog, convert, files, lockfile, weights
from service.translation.lockfile import RemoteFile

_YES = {"1", "ON", "YES", "TRUE"}
_MEBI = 1 << 20
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file to fetch: what it must be, by the catalogue or the lock and by what the hub says of it.

    `git` is the name of its blob, for a file that git itself holds.
    """

    path: str
    size: int | None
    digests: frozenset[str]
    git: str | None


def pull(
    models_dir: Path,
    model_id: str,
    *,
    quantization: str = "int8",
    rebuild: bool = False,
    say: Say = lambda _: None,
) -> catalog.ModelEntry:
    """Get a model and lock it; one that is here as it is locked stays as it is.

    With `rebuild` a build that differs from the locked one is accepted; never another download. Raises UnknownModel,
    InvalidInput, PullFailed where the hub does not answer as needed, and ModelFileError that names what differs.
    """
    entry = catalog.load(models_dir).get(model_id)
    if entry.repository is None:
        raise InvalidInput(f"'{model_id}' comes with the service; there is nothing to pull.", field="model")
    with _alone(models_dir, entry.id):
        wanted_build = f"ctranslate2-{quantization}"
        if not rebuild and entry.build == wanted_build and catalog.is_present(entry, models_dir):
            say(f"{entry.id} is here; verifying it")
            catalog.verify(entry, models_dir)
            return entry
        staging = models_dir / f".pull-{entry.id}"
        commit, wanted = _resolve(entry)
        folder = staging / commit
        folder.mkdir(parents=True, exist_ok=True)
        _require_space(folder, wanted)
        downloads = [_fetch(entry, commit, each, folder, say) for each in wanted]
        if not (folder / weights.SAFE).is_file():
            say("Reading the pickled weights, and nothing but weights")
            weights.to_safetensors(folder / weights.PICKLED, folder / weights.SAFE)
        say(f"Converting to {quantization} and comparing with the checkpoint")
        pinned = entry.model_copy(update={"revision": commit, "downloads": downloads})
        only = entry.files if entry.build == wanted_build and not rebuild else None
        built = convert.install(models_dir, pinned, folder, quantization, keep_origin=False, only=only)
        shutil.rmtree(staging, ignore_errors=True)
        return built


def remove(models_dir: Path, model_id: str, *, forget: bool = False) -> bool:
    """Delete a pulled model, and with `forget` what is locked of it; says whether there was one."""
    entry = catalog.load(models_dir).get(model_id)
    if entry.repository is None:
        raise InvalidInput(f"'{model_id}' comes with the service; it could not be pulled again.", field="model")
    with _alone(models_dir, entry.id):
        folder = catalog.folder(entry, models_dir)
        found = folder.is_dir()
        if found:
            doomed = models_dir / f".old-{entry.id}-removed"
            folder.replace(doomed)
            shutil.rmtree(doomed)
        shutil.rmtree(models_dir / f".pull-{entry.id}", ignore_errors=True)
        if forget:
            lockfile.drop(models_dir, entry.id)
    return found


@contextmanager
def _alone(models_dir: Path, model_id: str) -> Iterator[None]:
    """One pull of a model at a time; what a killed one left, but for downloads, goes."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(models_dir / f".{model_id}.lock", timeout=0):
            for prefix in (f".build-{model_id}-", f".old-{model_id}-"):
                for left in models_dir.glob(f"{prefix}*"):
                    shutil.rmtree(left, ignore_errors=True)
            yield
    except Timeout:
        raise PullFailed(f"Another process works on '{model_id}' now.") from None


def _api() -> Any:
    from huggingface_hub import HfApi, constants

    if constants.HF_HUB_OFFLINE or os.environ.get("HF_HUB_OFFLINE", "").upper() in _YES:
        raise PullFailed("HF_HUB_OFFLINE is set: copy the model's folder from a machine that has it, and verify it.")
    return HfApi(endpoint=os.environ.get("HF_ENDPOINT") or None, library_name="tolmach", library_version=__version__)


def _resolve(entry: catalog.ModelEntry) -> tuple[str, list[_Wanted]]:
    """The commit, and what to fetch of it."""
    asked = entry.revision or "main"
    with _explained(f"{entry.repository} at {asked[:12]}"):
        info = _api().model_info(entry.repository, revision=asked, files_metadata=True)
    if entry.revision and info.sha != entry.revision:
        raise ModelFileError(
            f"{entry.id}: the hub has {str(info.sha)[:12]} where {entry.revision[:12]} is pinned.", field="revision"
        )
    there = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    known = {remote.path: remote for remote in entry.downloads}
    return info.sha, [_wanted(there[name], known.get(name)) for name in _names(entry, there, known)]


def _names(entry: catalog.ModelEntry, there: Mapping[str, Any], known: Mapping[str, RemoteFile]) -> list[str]:
    """What is locked, or all that the engines read; safe weights where there are any, unless others are pinned."""
    pinned = [name for name in (weights.SAFE, weights.PICKLED) if name in known]
    chosen = (pinned or [name for name in (weights.SAFE, weights.PICKLED) if name in there] or [weights.SAFE])[0]
    required = [chosen if name == weights.SAFE else name for name in convert.REQUIRED[entry.architecture]]
    optional = [name for name in convert.OPTIONAL[entry.architecture] if name in there]
    names = sorted({*required, *known, *optional} if not entry.files else known)
    for name in names:
        if name not in there:
            raise ModelFileError(f"{entry.id}: {entry.repository} has no file {name}.", field=name)
    return names


def _wanted(sibling: Any, known: RemoteFile | None) -> _Wanted:
    large = sibling.lfs.sha256 if sibling.lfs else None
    return _Wanted(
        path=sibling.rfilename,
        size=sibling.size if known is None or known.size is None else known.size,
        digests=frozenset(filter(None, (large, known.sha256 if known else None))),
        git=None if large else sibling.blob_id,
    )


def _require_space(folder: Path, wanted: list[_Wanted]) -> None:
    """The downloads that are missing, weights once more if they are to be rewritten, and a build of the same size."""
    there = {path.name.removesuffix(".part"): path.stat().st_size for path in folder.iterdir()}
    missing = sum(max(0, (each.size or 0) - there.get(each.path, 0)) for each in wanted)
    largest = {each.path: each.size or 0 for each in wanted}
    needed = missing + largest.get(weights.SAFE, 0) + 2 * largest.get(weights.PICKLED, 0)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise PullFailed(f"The disk has {free // _MEBI} MiB free, but {needed // _MEBI} MiB are needed.")


def _fetch(entry: catalog.ModelEntry, commit: str, wanted: _Wanted, folder: Path, say: Say) -> RemoteFile:
    """Download a file, from where it stopped before, and check it; a wrong one is deleted."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # documented, not re-exported

    target, part = folder / wanted.path, folder / f"{wanted.path}.part"
    if not target.is_file():
        say(f"Fetching {wanted.path}")
        api = _api()
        url = hf_hub_url(str(entry.repository), wanted.path, revision=commit, endpoint=api.endpoint)
        headers = build_hf_headers(library_name="tolmach", library_version=__version__)
        with _explained(f"{entry.repository}/{wanted.path}"):
            told = get_hf_file_metadata(url, headers=headers, endpoint=api.endpoint)
            if told.commit_hash != commit:
                raise ModelFileError(
                    f"{entry.id}: the hub does not serve {wanted.path} at {commit[:12]}.", field="revision"
                )
            done = part.stat().st_size if part.is_file() else 0
            if told.size is not None and done > told.size:
                part.unlink()
                done = 0
            with part.open("ab") as stream:
                http_get(url, stream, resume_size=done, headers=headers, expected_size=told.size,
                         displayed_filename=wanted.path)  # fmt: skip
        part.replace(target)
    found = RemoteFile(path=wanted.path, size=target.stat().st_size, sha256=files.digest(target))
    if fault := _fault(wanted, found, target):
        target.unlink()
        raise ModelFileError(f"{entry.id}: {wanted.path}, as downloaded, {fault}.", field=wanted.path)
    return found


def _fault(wanted: _Wanted, found: RemoteFile, path: Path) -> str | None:
    if wanted.size is not None and found.size != wanted.size:
        return f"has {found.size} bytes instead of {wanted.size}"
    if wanted.digests - {found.sha256}:
        return "has another sha256 than is pinned"
    if wanted.git is not None and _blob(path) != wanted.git:
        return "is not the blob that its commit names"
    return None


def _blob(path: Path) -> str:
    """The name that git gives a file's content."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """What the client raises, as an error that says what to do about it."""
    import httpx2
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError:
        raise PullFailed(f"{what}: the repository wants its terms accepted, and HF_TOKEN of who did.") from None
    except errors.RevisionNotFoundError:
        raise PullFailed(f"{what}: the repository has no such commit.") from None
    except errors.RepositoryNotFoundError:
        raise PullFailed(f"{what}: there is no such repository, or HF_TOKEN may not read it.") from None
    except errors.EntryNotFoundError:
        raise PullFailed(f"{what}: the repository has no such file.") from None
    except errors.HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else "no status"
        raise PullFailed(f"{what}: the hub answers with {status}.") from None
    except httpx2.HTTPError:
        raise PullFailed(f"{what}: the hub cannot be reached, or breaks off. Pull again to go on.") from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "it breaks off; pull again to go on"
        raise PullFailed(f"{what}: {reason}.") from None
