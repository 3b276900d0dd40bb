"""What the log says of exceptions: all that led there, and no word of a text."""

from collections.abc import Callable
from json import JSONDecodeError

import pytest

from service.errors import EngineFailed
from service.telemetry.tracebacks import formatted

TEXT = "Președintele a ascuns banii"


def raised(make: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        make()
    return caught.value


def led_by(error: BaseException) -> None:
    try:
        raise ValueError(TEXT)
    except ValueError as before:
        raise error from before


def while_handling(error: BaseException) -> None:
    try:
        raise ValueError(TEXT)
    except ValueError:
        raise error  # noqa: B904


def in_its_place(error: BaseException) -> None:
    try:
        raise ValueError(TEXT)
    except ValueError:
        raise error from None


def test_only_our_own_messages_and_the_system_s_are_written() -> None:
    assert formatted(raised(lambda: led_by(EngineFailed("The engine failed.")))).endswith(
        "service.errors.EngineFailed: The engine failed."
    )
    assert formatted(OSError(28, TEXT, TEXT)).endswith("OSError: No space left on device")
    assert formatted(OSError(TEXT)).endswith("OSError")
    assert formatted(JSONDecodeError(TEXT, TEXT, 0)).endswith("json.decoder.JSONDecodeError")


@pytest.mark.parametrize(
    ("raises", "link"), [(led_by, "direct cause"), (while_handling, "During handling"), (in_its_place, None)]
)
def test_what_led_to_an_exception_stands_above_it(raises: Callable[[BaseException], None], link: str | None) -> None:
    said = formatted(raised(lambda: raises(KeyError(TEXT))))
    assert TEXT not in said
    assert said.endswith("\nKeyError")
    assert "in led_by" in said or "in while_handling" in said or "in in_its_place" in said
    if link is None:
        assert said.count("Traceback") == 1
    else:
        first, found, second = said.partition(link)
        assert found
        assert "ValueError\n" in first
        assert "ValueError" not in second


def test_all_of_a_group_are_written() -> None:
    inner = raised(lambda: led_by(EngineFailed("The engine failed.")))
    said = formatted(raised(lambda: while_handling(ExceptionGroup(TEXT, [inner, KeyError(TEXT), inner]))))
    assert TEXT not in said
    assert said.count("EngineFailed: The engine failed.") == 1
    assert "  KeyError" in said
    assert "ExceptionGroup\n  ---- 1 of 3 ----\n" in said


def test_an_exception_that_led_to_itself_is_written_once() -> None:
    first, second = KeyError(TEXT), ValueError(TEXT)
    first.__cause__, second.__context__ = second, first
    assert formatted(first).count("KeyError") == 1
