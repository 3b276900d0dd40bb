"""Every setting of the service: one class, prefix `TOLMACH_`. The table in docs/operations.md is made from it."""

from __future__ import annotations

import ipaddress
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def data_directory(name: str) -> Path:
    """Where `models/` or `prompts/` lie: inside the package in a wheel, beside it in a clone."""
    inside = Path(__file__).parent / "_data" / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


PREFIX = "TOLMACH_"
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^\s/?#@:\[\]*]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def variable(name: str) -> str:
    """What an operator sets: messages name it, since nobody outside knows a setting by another name."""
    return f"{PREFIX}{name.upper()}"


class Settings(BaseSettings):
    """Read from the environment (`TOLMACH_MODEL=…`) once, when the service starts."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    engine: Literal["ctranslate2", "transformers", "fake"] = Field(
        default="ctranslate2", description="What runs the model."
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="cpu", description="Where models run; `auto` takes a GPU where there is one."
    )
    model: str = Field(default="tolmach-mini", description="Model id in the catalogue.")
    routes: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict,
        description="Languages that have a model of their own, such as `ro=opus-mt-roa-en uk=opus-mt-uk-en`.",
    )
    fallback: str = Field(
        default="", description="Model that does the work of one that is not installed; without it that is an error."
    )
    models_memory: int = Field(
        default=0, ge=0, description="MiB that loaded models may take; the longest unused goes. 0 means no limit."
    )
    models_dir: Path = Field(
        default_factory=lambda: data_directory("models"), description="Folder of `catalog.toml` and the models."
    )
    prompts_dir: Path = Field(default_factory=lambda: data_directory("prompts"), description="Folder of the briefs.")
    briefs_dir: Path | None = Field(
        default=None, description="Folder of your own briefs; one with the name of another takes its place."
    )
    threads: int = Field(default=0, ge=0, le=256, description="CPU threads that translate; 0 means one a core.")
    beam: int = Field(default=4, ge=1, le=16, description="Beam size of the decoder.")
    repair: bool = Field(
        default=True, description="Whether figures that the model got wrong are put right where that is unambiguous."
    )
    english_style: bool = Field(
        default=False,
        description="Whether figures in digits are rewritten as English writes them: `6000` as `6,000`.",
    )
    max_body_bytes: int = Field(default=1_048_576, ge=1024, description="Largest request body, in bytes.")
    max_import_bytes: int = Field(
        default=67_108_864, ge=1024, description="Largest TMX file of corrections, in bytes; it is held in memory."
    )
    max_segments: int = Field(default=1000, ge=1, description="Most sentences of one request.")
    max_segment_chars: int = Field(default=200_000, ge=100, description="Longest single sentence, in characters.")

    workers: int = Field(default=1, ge=1, le=64, description="Processes that answer requests; each loads the model.")
    work_threads: int = Field(
        default=64,
        ge=1,
        le=1000,
        description="Requests that one process works on at the same time; others wait their turn.",
    )
    max_requests: int = Field(
        default=1000,
        ge=1,
        description="Most requests for work that one process has taken in at once; beyond it answers 503.",
    )
    request_timeout: float = Field(
        default=120.0, gt=0, description="Seconds that the work of one request may take, waiting for its turn included."
    )
    body_timeout: float = Field(default=20.0, gt=0, description="Seconds in which a request's body must have arrived.")
    header_timeout: float = Field(
        default=10.0, gt=0, description="Seconds in which a request's header must have arrived."
    )
    write_timeout: float = Field(
        default=60.0,
        gt=0,
        description="Seconds for which a caller may leave its reply unread before the connection is closed.",
    )
    max_header_bytes: int = Field(default=32_768, ge=1024, description="Largest header of a request, in bytes.")
    keep_alive: int = Field(
        default=75,
        ge=0,
        description="Seconds that an idle connection stays open; longer than a proxy in front keeps its own.",
    )
    shutdown_timeout: int = Field(
        default=50, ge=0, description="Seconds that requests taken in may still take when the service is told to stop."
    )

    memory: str = Field(
        default="auto",
        description="Translation memory: `off`, a database URL, or `auto`: an SQLite file with the user's other state.",
    )
    memory_rows: int = Field(default=1_000_000, ge=1, description="Most sentences that the memory keeps.")
    memory_bytes: int = Field(default=2_000_000_000, ge=1, description="Most bytes of text that the memory keeps.")
    memory_cache_bytes: int = Field(default=64_000_000, ge=0, description="Bytes of the memory kept in each process.")
    queue_sentences: int = Field(default=4000, ge=1, description="Most sentences that wait; beyond it answers 503.")
    queue_tokens: int = Field(default=100_000, ge=1, description="Most tokens that wait; beyond it answers 503.")

    keys_file: Path | None = Field(
        default=None, description="SQLite file of the API keys. If it is set, every request for work needs a key."
    )
    allow_open: bool = Field(
        default=False,
        description="Serve other machines without keys: for a network, or a proxy in front, that is guarded.",
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Without keys: names, separated by commas, by which it may be called beside `localhost` and "
        "addresses; `*` for any.",
    )
    rate_limit: str = Field(
        default="",
        description="Most requests for work of one key or address, such as `60/minute;1000/hour`; no limit if empty.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="Addresses and networks, separated by commas, whose `X-Forwarded-For` and `X-Forwarded-Proto` are "
        "believed; `*` for all.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins, separated by commas, whose pages may call the API from a browser; `*` for all.",
    )

    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="How log lines look; `auto`: for people on a terminal, else JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least that is logged."
    )
    tracing: bool = Field(
        default=False,
        description="Whether OpenTelemetry spans are sent to where `OTEL_EXPORTER_OTLP_ENDPOINT` says.",
    )

    @property
    def brief_folders(self) -> tuple[Path, ...]:
        """All folders of briefs; a later one overrules an earlier one."""
        return (self.prompts_dir,) if self.briefs_dir is None else (self.prompts_dir, self.briefs_dir)

    @model_validator(mode="before")
    @classmethod
    def _no_empty_paths(cls, values: dict[str, Any]) -> dict[str, Any]:
        """A path that is set to nothing is not set: as a path it would be the current folder."""
        paths = {name for name in values if name.endswith(("_dir", "_file"))}
        return {name: value for name, value in values.items() if name not in paths or value != ""}

    @field_validator("routes", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [item.partition("=") for item in value.replace(",", " ").split()]
        if any(not (language and model) for language, _, model in pairs):
            raise ValueError("must be pairs such as ro=opus-mt-roa-en, separated by spaces or commas")
        return {language: model for language, _, model in pairs}

    @field_validator("cors_origins", "allowed_hosts", mode="before")
    @classmethod
    def _by_commas(cls, value: Any) -> Any:
        return tuple(item.strip() for item in value.split(",") if item.strip()) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        """As the server understands them: it takes a network with bits of a host for a name, and trusts nobody."""
        items = [item.strip() for item in value.split(",") if item.strip()]
        if "*" in items:
            return "*"
        try:
            return ",".join(map(_network, items))
        except ValueError:
            raise ValueError("must be addresses or networks such as 10.0.0.0/8, separated by commas, or *") from None

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """In small letters, as browsers send them."""
        origins = tuple(each.lower() for each in value)
        if not all(each == "*" or _ORIGIN.fullmatch(each) for each in origins):
            raise ValueError("must be origins such as https://desk.example:8443, without a slash at the end, or *")
        return origins

    @field_validator("allowed_hosts")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(set("/: ") & set(name) for name in value):
            raise ValueError("must be names alone, such as desk.example, without scheme and port")
        return tuple(name.lower().removesuffix(".") for name in value)


def _network(text: str) -> str:
    return str(ipaddress.ip_network(text, strict=False) if "/" in text else ipaddress.ip_address(text))


def table() -> str:
    """All settings as a Markdown table, in the order of the class."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        value = field.get_default()
        empty = value in (None, "", ()) or field.default_factory is dict
        shown = "" if empty else "comes with it" if field.default_factory else f"`{_plain(value)}`"
        lines.append(f"| `{variable(name)}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    sys.stdout.write(table())
