"""Every setting of the service: one class, prefix `TOLMACH_`. The table in docs/operations.md is made from it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def data_directory(name: str) -> Path:
    """Where `models/` or `prompts/` lie: inside the package in a wheel, beside it in a clone."""
    inside = Path(__file__).parent / "_data" / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


class Settings(BaseSettings):
    """Read from the environment (`TOLMACH_MODEL=…`) once, when the service starts."""

    model_config = SettingsConfigDict(env_prefix="TOLMACH_", extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    engine: Literal["ctranslate2", "transformers", "fake"] = Field("ctranslate2", description="What runs the model.")
    model: str = Field("tolmach-mini", description="Model id in the catalogue.")
    models_dir: Path = Field(
        default_factory=lambda: data_directory("models"), description="Folder of `catalog.toml` and the models."
    )
    prompts_dir: Path = Field(default_factory=lambda: data_directory("prompts"), description="Folder of the briefs.")
    threads: int = Field(0, ge=0, le=256, description="CPU threads of one translation; 0 means one a core.")
    beam: int = Field(4, ge=1, le=16, description="Beam size of the decoder.")
    repair: bool = Field(
        True, description="Whether figures that the model got wrong are put right where that is unambiguous."
    )
    max_body_bytes: int = Field(1_048_576, ge=1024, description="Largest request body, in bytes.")
    max_segments: int = Field(1000, ge=1, description="Most sentences of one request.")
    max_segment_chars: int = Field(200_000, ge=100, description="Longest single sentence, in characters.")
