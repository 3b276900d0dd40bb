"""The container's files agree with each other and with the settings. No Docker engine is needed."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from service.settings import Settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICE = COMPOSE["services"]["tolmach"]
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
COPIED = {
    path for paths in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for path in paths.split()
}
NAMES = {f"TOLMACH_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", sorted({*SERVICE["environment"], *re.findall(r"TOLMACH_[A-Z_]+", DOCKERFILE)}))
def test_what_is_set_is_a_setting(name: str) -> None:
    assert name in NAMES


def test_what_is_said_outside_about_keys_arrives() -> None:
    passed_on = {name for name, value in SERVICE["environment"].items() if value is None}
    assert {"TOLMACH_KEYS_FILE", "TOLMACH_TRUSTED_PROXIES", "TOLMACH_MODEL"} <= passed_on
    assert SERVICE["env_file"] == [{"path": ".env", "required": False}]


def test_what_is_optional_can_be_built_in() -> None:
    assert set(SERVICE["build"]["args"]) == set(re.findall(r"^ARG (\w+)=", DOCKERFILE, re.MULTILINE))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    [named] = re.findall(r"^# Optional parts, separated by commas: (.+) \(", DOCKERFILE, re.MULTILINE)
    assert set(named.split(", ")) <= set(extras)


def test_state_outlives_the_container_although_its_files_are_read_only() -> None:
    home = re.search(r"--home-dir (\S+)", DOCKERFILE)
    assert home
    assert SERVICE["read_only"]
    [(volume, place)] = [entry.split(":") for entry in SERVICE["volumes"]]
    assert place == home.group(1)
    assert volume in COMPOSE["volumes"]


def test_the_port_that_is_published_is_the_port_that_is_listened_on() -> None:
    [published] = SERVICE["ports"]
    assert published.startswith("127.0.0.1:")
    assert published.endswith(f":{Settings.model_fields['port'].default}")
    assert f"EXPOSE {Settings.model_fields['port'].default}" in DOCKERFILE
    assert SERVICE["environment"]["TOLMACH_PORT"] == str(Settings.model_fields["port"].default)
    assert f"TOLMACH_HOST={SERVICE['environment']['TOLMACH_HOST']}" in DOCKERFILE


def test_whether_it_is_open_can_be_said_outside() -> None:
    assert SERVICE["environment"]["TOLMACH_ALLOW_OPEN"] == "${TOLMACH_ALLOW_OPEN:-true}"


def test_requests_have_time_to_finish() -> None:
    timeout = Settings.model_fields["shutdown_timeout"].default
    assert int(SERVICE["stop_grace_period"].removesuffix("s")) > timeout


@pytest.mark.parametrize("path", sorted(COPIED))
def test_what_is_copied_exists_and_is_not_ignored(path: str) -> None:
    assert (ROOT / path).exists()
    assert f"!{path}" in IGNORED


def test_the_build_gets_all_that_the_wheel_takes_along_and_no_pulled_model() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    taken = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert taken.keys() <= COPIED
    assert IGNORED[0] == "*"
    assert {line for line in IGNORED if line.startswith("!models")} == {
        f"!{path}" for path in taken if "models" in path
    }
