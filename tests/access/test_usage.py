import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import store as store_module
from service.access.keys import Key, Keys, Period, Quota
from service.access.store import Store
from service.access.usage import Ledger, bounds
from service.errors import AccountsUnavailable, QuotaExceeded

NOON = datetime(2027, 2, 28, 12, tzinfo=UTC)


def key_with(store: Store, characters: int | None, period: Period = Period.DAY) -> Key:
    return Keys(store).add("cms", quota=None if characters is None else Quota(characters, period))[0]


def test_a_quota_can_be_used_to_the_last_character(store: Store) -> None:
    ledger, key = Ledger(store), key_with(store, 100)
    ledger.charge(key, 60, NOON)
    ledger.charge(key, 40, NOON)
    with pytest.raises(QuotaExceeded) as caught:
        ledger.charge(key, 1, NOON)
    assert caught.value.retry_after == 12 * 3600
    used = ledger.usage(key, NOON)
    assert (used.characters, used.requests, used.remaining) == (100, 2, 0)


def test_a_text_larger_than_the_quota_is_refused_at_once(store: Store) -> None:
    ledger, key = Ledger(store), key_with(store, 100)
    with pytest.raises(QuotaExceeded, match="100 characters a day"):
        ledger.charge(key, 101, NOON)
    assert ledger.usage(key, NOON).requests == 0


@pytest.mark.parametrize(("period", "later"), [(Period.DAY, timedelta(days=1)), (Period.MONTH, timedelta(days=1))])
def test_a_new_period_begins_with_nothing_used(store: Store, period: Period, later: timedelta) -> None:
    ledger, key = Ledger(store), key_with(store, 100, period)
    ledger.charge(key, 100, NOON)
    ledger.charge(key, 100, NOON + later)  # 1 March
    assert ledger.usage(key, NOON).characters == 100


def test_without_a_quota_usage_is_counted_and_nothing_refused(store: Store) -> None:
    ledger, key = Ledger(store), key_with(store, None)
    ledger.charge(key, 10**9, NOON)
    used = ledger.usage(key, NOON)
    assert (used.characters, used.limit, used.remaining) == (10**9, None, None)


def test_a_refund_goes_to_the_period_that_was_charged(store: Store) -> None:
    ledger, key = Ledger(store), key_with(store, 100)
    booked = ledger.charge(key, 70, NOON)
    ledger.charge(key, 50, NOON + timedelta(days=1))
    ledger.refund(key, 70, booked)
    assert (ledger.usage(key, NOON).characters, ledger.usage(key, NOON).requests) == (0, 0)
    assert ledger.usage(key, NOON + timedelta(days=1)).characters == 50


def test_requests_at_the_same_time_cannot_share_the_last_characters(store: Store) -> None:
    ledger, key = Ledger(store), key_with(store, 1000)

    def charge(_: int) -> bool:
        try:
            ledger.charge(key, 30, NOON)
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(charge, range(80))) == 33
    assert ledger.usage(key, NOON).characters == 990


def test_a_locked_file_is_an_error_that_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "WAIT_MS", 50)
    store = Store(file)
    key = key_with(store, 100)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(AccountsUnavailable):
        Ledger(store).charge(key, 1)
    assert Ledger(store).usage(key).characters == 0  # reading goes on meanwhile
    other.execute("ROLLBACK")
    other.close()
    Ledger(store).charge(key, 1)
    store.close()


@given(
    period=st.sampled_from(Period),
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    hours=st.integers(-12, 14),
)
def test_a_moment_lies_in_its_period_wherever_its_clock_stands(period: Period, moment: datetime, hours: int) -> None:
    start, end = bounds(period, moment.astimezone(timezone(timedelta(hours=hours))))
    assert start <= moment < end
    assert bounds(period, end)[0] == end
    assert timedelta(days=1) <= end - start <= timedelta(days=31)
