"""Keeps transformers from the network and from the terminal while it reads a folder that is here."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def offline_and_quiet() -> Iterator[None]:
    """No look at a hub for a folder that is here, and no advice about optional packages on the terminal."""
    from transformers.utils import logging as untyped

    logging: Any = untyped
    verbosity, progress = logging.get_verbosity(), logging.is_progress_bar_enabled()
    before = os.environ.get("HF_HUB_OFFLINE")
    os.environ["HF_HUB_OFFLINE"] = "1"
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
            yield
    finally:
        logging.set_verbosity(verbosity)
        if progress:
            logging.enable_progress_bar()
        if before is None:
            del os.environ["HF_HUB_OFFLINE"]
        else:
            os.environ["HF_HUB_OFFLINE"] = before
