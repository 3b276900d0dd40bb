import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import limits
from service.access.limits import RateLimiter, Standing, headers, site
from service.errors import BadSetting, RateLimited


def test_one_too_many_is_refused_and_told_when_to_come_back() -> None:
    limiter = RateLimiter("3/minute")
    assert [limiter.hit("a")[0].remaining for _ in range(3)] == [2, 1, 0]
    with pytest.raises(RateLimited) as caught:
        limiter.hit("a")
    assert caught.value.retry_after is not None
    assert 1 <= caught.value.retry_after <= 60
    assert limiter.hit("b")[0].remaining == 2


def test_a_refused_request_counts_towards_no_limit() -> None:
    limiter = RateLimiter("2/minute; 10/hour")
    for _ in range(2):
        limiter.hit("a")
    for _ in range(5):
        with pytest.raises(RateLimited, match="2 requests in 60 seconds"):
            limiter.hit("a")
    assert [standing.remaining for standing in limiter.standings("a")] == [0, 8]


@pytest.mark.parametrize("setting", ["often", "5", "5/fortnight", "minute/5", "-3/minute"])
def test_a_setting_that_cannot_be_read_is_named(setting: str) -> None:
    with pytest.raises(BadSetting, match="TOLMACH_RATE_LIMIT"):
        RateLimiter(setting)


def test_headers_are_structured_fields_with_one_policy_a_limit() -> None:
    standings = [Standing(60, 60, 12, 7), Standing(1000, 3600, 900, 3000)]
    assert headers(standings) == {
        "RateLimit-Policy": '"60-in-60s";q=60;w=60, "1000-in-3600s";q=1000;w=3600',
        "RateLimit": '"60-in-60s";r=12;t=7, "1000-in-3600s";r=900;t=3000',
    }
    assert headers([]) == {}


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_customer_s_whole_network_is_one_caller(address: str, caller: str) -> None:
    assert site(address) == caller


@given(address=st.text(max_size=50))
def test_whatever_the_server_calls_an_address_is_a_caller(address: str) -> None:
    assert isinstance(site(address), str)


def test_callers_who_came_once_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SWEEP_EVERY", 10)
    limiter = RateLimiter("5/second")
    events = limiter._storage.events
    for number in range(9):
        limiter.hit(f"caller {number}")
    assert len(events) == 9
    for caller in events:
        events[caller] = []  # as the storage leaves them when their time is over
    limiter.hit("the tenth")
    assert len(events) == 1
