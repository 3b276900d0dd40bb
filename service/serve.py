"""Starts the service: refuses what would be a hole, then hands over to uvicorn with limits to everything.

`application` is what each process runs; it reads the settings from the environment, as the parent did.
"""

from __future__ import annotations

import gc
import ipaddress
import logging
import os
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from service.access.gate import Gate
from service.access.keys import Keys
from service.access.store import Store
from service.app import create_app
from service.errors import BadBrief, BadSetting, OpenToAll
from service.http import server
from service.http.protocol import Patience, PatientProtocol
from service.settings import PREFIX, Settings, variable
from service.summary import brief
from service.telemetry import logs
from service.telemetry.metrics import SHARED_FOLDER, start_afresh
from service.translation.ctranslate2 import cores
from service.translation.routing import Router

logger = logging.getLogger(__name__)

THREADS = variable("threads")
# A line changes threads half a dozen times, and each time may wait this long for one that works on an article: with
# Python's own 5 ms, its median under load was 36 ms instead of 20.
SWITCH_INTERVAL = 0.0005


def application() -> FastAPI:
    """The application of one process, with its logs and the patience of its connections set up."""
    settings = Settings()
    sys.setswitchinterval(SWITCH_INTERVAL)
    logs.configure(settings.log_format, settings.log_level)
    PatientProtocol.patience = Patience(header=settings.header_timeout, write=settings.write_timeout)
    return create_app(settings, loaded=settle)


def settle() -> None:
    """Take what lasts as long as the process out of the garbage collector's rounds.

    A full round holds up every request; with the 110,000 objects that are there before the first, for 60 ms.
    """
    gc.collect()
    gc.freeze()


def serve(settings: Settings, *, host: str | None = None, port: int | None = None, workers: int | None = None) -> None:
    """Serve until told to stop. Raises what `check` raises before anything is started."""
    host, workers = host or settings.host, workers or settings.workers
    logs.configure(settings.log_format, settings.log_level)
    check(settings, host)
    share_cores(settings, workers)
    with shared_metrics(workers):
        server.run(
            "service.serve:application",
            host=host,
            port=settings.port if port is None else port,
            workers=workers,
            **options(settings),
        )


def options(settings: Settings) -> dict[str, Any]:
    """What uvicorn is told beside the address."""
    return {
        "factory": True,
        "http": PatientProtocol,
        "ws": "none",
        "log_config": None,
        "log_level": settings.log_level,
        "access_log": False,
        "server_header": False,
        "forwarded_allow_ips": settings.trusted_proxies,
        "timeout_keep_alive": settings.keep_alive,
        "timeout_graceful_shutdown": settings.shutdown_timeout,
        "h11_max_incomplete_event_size": settings.max_header_bytes,
        # A process that answers no ping for so long is killed, and what it took in is lost. A thread of its own answers
        # while a model is loaded too; yet uvicorn's five seconds may pass where memory or cores are short.
        "timeout_worker_healthcheck": 30,
    }


def check(settings: Settings, host: str) -> None:
    """Whether it can and may be served like this: what each worker would fail on is told once, and in one line.

    Raises OpenToAll, BadSetting, BadBrief, UnknownModel, ModelFileError, AccountsUnavailable.
    """
    for warning in unknown_settings(os.environ):
        logger.warning("%s", warning)
    Gate(settings).close()
    Router(settings).close()
    for name, folder in (("prompts_dir", settings.prompts_dir), ("briefs_dir", settings.briefs_dir)):
        if folder is not None:
            try:
                brief.load(folder)
            except BadBrief as error:
                raise BadBrief(f"{variable(name)}: {error.message}") from None
    if settings.keys_file is not None:
        store = Store(settings.keys_file)
        if not Keys(store).list(revoked=False):
            logger.warning("%s has no key yet: nobody can send work. `tolmach keys add NAME` makes one.", store.file)
        store.close()
    elif not settings.allow_open and not is_loopback(host):
        raise OpenToAll(
            f"Other machines can reach {host}, and no keys are asked for. Set TOLMACH_KEYS_FILE and make keys with "
            "`tolmach keys add NAME`; or, where the network is guarded, set TOLMACH_ALLOW_OPEN=true."
        )


def unknown_settings(environment: Iterable[str]) -> list[str]:
    """What to say of variables that look like settings and are none.

    They are no error: Kubernetes puts TOLMACH_SERVICE_HOST and its like next to a service of that name.
    """
    said = []
    for name in sorted(each.upper() for each in environment if each.upper().startswith(PREFIX)):
        own = name.removeprefix(PREFIX).lower()
        if own not in Settings.model_fields:
            near = get_close_matches(own, Settings.model_fields, 1)
            said.append(f"{name} is no setting" + (f"; did you mean {variable(near[0])}?" if near else "."))
    return said


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address; a name must not resolve to any other."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(entry[4][0]).is_loopback for entry in found)


def share_cores(settings: Settings, workers: int) -> None:
    """Several processes with all the cores each would only hinder one another."""
    if workers > 1 and settings.threads == 0:
        os.environ[THREADS] = str(max(cores() // workers, 1))


@contextmanager
def shared_metrics(workers: int) -> Iterator[None]:
    """A folder in which several processes leave their metrics, so that a scrape of one tells of all.

    Raises BadSetting where the one that the environment names cannot be used.
    """
    if given := os.environ.get(SHARED_FOLDER):
        try:
            start_afresh(Path(given))
        except OSError as error:
            raise BadSetting(f"{SHARED_FOLDER}: {error.filename}: {error.strerror}.") from None
        yield
        return
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="tolmach-metrics-") as folder:
        os.environ[SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]
