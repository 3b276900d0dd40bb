import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.errors import BadBrief, BadSetting, ModelFileError, OpenToAll, UnknownModel
from service.keys_cli import keys as keys_app
from service.serve import check, is_loopback, options, share_cores, unknown_settings
from service.settings import Settings, table

OPERATIONS = (Path(__file__).parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_table_in_the_docs_is_that_of_the_class() -> None:
    _, _, rest = OPERATIONS.partition("<!-- settings -->\n")
    assert rest.partition("<!-- /settings -->")[0] == table()


def test_the_table_can_be_printed() -> None:
    printed = subprocess.run([sys.executable, "-m", "service.settings"], capture_output=True, text=True, check=True)
    assert printed.stdout == table()


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"| `TOLMACH_{name.upper()}` |" in table()


def test_no_setting_in_the_docs_is_unknown() -> None:
    known = {f"TOLMACH_{name.upper()}" for name in Settings.model_fields}
    words = {word.strip("`.,;:()=|") for word in OPERATIONS.replace("=", " ").split()}
    assert {word for word in words if word.startswith("TOLMACH_")} <= known


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost"])
def test_this_machine_may_be_served_without_keys(host: str) -> None:
    assert is_loopback(host)
    check(Settings(), host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "no-such-host.invalid", ""])  # noqa: S104
def test_others_are_served_with_keys_or_on_purpose(host: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(OpenToAll, match="TOLMACH_KEYS_FILE"):
        check(Settings(), host)
    check(Settings(allow_open=True), host)
    assert not caplog.records
    check(Settings(keys_file=tmp_path / "keys.db"), host)
    assert "has no key yet" in caplog.text


def test_a_path_that_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Settings()
    for name in ("KEYS_FILE", "BRIEFS_DIR", "MODELS_DIR", "PROMPTS_DIR"):
        monkeypatch.setenv(f"TOLMACH_{name}", "")
    assert Settings() == usual


def test_a_misspelt_setting_is_told_of(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("TOLMACH_TREADS", "2")
    check(Settings(), "127.0.0.1")
    assert "TOLMACH_TREADS is no setting; did you mean TOLMACH_THREADS?" in caplog.text
    assert unknown_settings(["tolmach_port", "TOLMACH_THREADS", "PATH"]) == []
    assert unknown_settings(["TOLMACH_XYZZY"]) == ["TOLMACH_XYZZY is no setting."]


@pytest.mark.parametrize(
    ("more", "error", "named"),
    [
        ({"model": "nothing"}, UnknownModel, "TOLMACH_MODEL: .*'nothing'"),
        ({"fallback": "nothing"}, UnknownModel, "TOLMACH_FALLBACK: .*'nothing'"),
        ({"routes": "ro=nothing"}, UnknownModel, "TOLMACH_ROUTES: .*'nothing'"),
        ({"routes": "de=tolmach-mini"}, BadSetting, "TOLMACH_ROUTES gives 'de'"),
        ({"briefs_dir": "BROKEN"}, BadBrief, r"TOLMACH_BRIEFS_DIR: .*flood\.toml:1: "),
        ({"prompts_dir": "/nowhere"}, BadBrief, "TOLMACH_PROMPTS_DIR: /nowhere"),
        ({"models_dir": "/nowhere"}, ModelFileError, r"TOLMACH_MODELS_DIR .*/nowhere/catalog\.toml"),
        ({"rate_limit": "often"}, BadSetting, "TOLMACH_RATE_LIMIT"),
    ],
)
def test_what_workers_would_fail_on_is_told_before_by_the_name_of_the_setting(
    more: dict[str, str], error: type[Exception], named: str, tmp_path: Path
) -> None:
    (tmp_path / "flood.toml").write_text("title = ", encoding="utf-8")
    settings = Settings.model_validate({name: text.replace("BROKEN", str(tmp_path)) for name, text in more.items()})
    with pytest.raises(error, match=named):
        check(settings, "::1")


def test_the_command_refuses_an_open_door() -> None:
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--host", "0.0.0.0"]  # noqa: S104
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 1
    assert "TOLMACH_ALLOW_OPEN" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLMACH_CORS_ORIGINS", "https://a.example, HTTPS://B.example:8443,http://[::1]:80,*,")
    assert Settings().cors_origins == ("https://a.example", "https://b.example:8443", "http://[::1]:80", "*")


@pytest.mark.parametrize(
    "origin",
    ["a.example", "https://a.example/", "https://a.example/desk", "https://*.a.example", "null", "https://a:b"],
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError, match="must be origins"):
        Settings(cors_origins=("https://a.example", origin))


@pytest.mark.parametrize(
    ("text", "proxies"),
    [
        ("127.0.0.1,::1", "127.0.0.1,::1"),
        ("", ""),
        ("*", "*"),
        ("10.0.0.1, *", "*"),
        (" 10.1.2.3/8 ,0:0::1,fe80::/10", "10.0.0.0/8,::1,fe80::/10"),
    ],
)
def test_proxies_are_addresses_and_networks(text: str, proxies: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLMACH_TRUSTED_PROXIES", text)
    assert Settings().trusted_proxies == proxies


@pytest.mark.parametrize("text", ["nginx", "10.0.0", "10.0.0.0/33", "10.0.0.1;10.0.0.2", "127.0.0.1,proxy.example"])
def test_what_is_no_proxy_s_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="must be addresses"):
        Settings(trusted_proxies=text)


def test_hosts_are_names_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLMACH_ALLOWED_HOSTS", "Desk.example., tolmach")
    assert Settings().allowed_hosts == ("desk.example", "tolmach")
    for wrong in ("http://tolmach", "tolmach:8000", "tolmach desk"):
        monkeypatch.setenv("TOLMACH_ALLOWED_HOSTS", wrong)
        with pytest.raises(ValidationError, match="names alone"):
            Settings()


@pytest.mark.parametrize(
    ("name", "value"), [("port", 70000), ("body_timeout", 0), ("workers", 0), ("log_format", "xml")]
)
def test_a_setting_out_of_its_limits_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate({name: value})


def test_processes_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setenv("TOLMACH_THREADS", "0")
    share_cores(Settings(), 1)
    assert Settings().threads == 0
    share_cores(Settings(), 3)
    assert Settings().threads == 2
    share_cores(Settings(), 64)
    assert Settings().threads == 2  # what somebody chose is left alone


def test_processes_share_the_cores_where_nothing_says_which_they_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sched_getaffinity")
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    monkeypatch.setenv("TOLMACH_THREADS", "0")
    share_cores(Settings(), 2)
    assert Settings().threads == 3


def test_the_server_waits_for_nothing_without_end() -> None:
    told = options(Settings(keep_alive=7, shutdown_timeout=9, max_header_bytes=2048))
    assert (told["timeout_keep_alive"], told["timeout_graceful_shutdown"]) == (7, 9)
    assert told["h11_max_incomplete_event_size"] == 2048
    assert not told["access_log"]
    assert keys_app.info.help
