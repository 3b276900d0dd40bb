from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from service.access import gate as gate_module
from service.access.gate import Account, Gate
from service.access.keys import Keys, Period, Quota
from service.access.scopes import Scope
from service.access.store import Store
from service.errors import AccountsUnavailable, Forbidden, QuotaExceeded, RateLimited, Unauthenticated
from service.settings import Settings


class Disk:
    """Stands between a gate and its file, and fails on demand as a full or broken disk does."""

    def __init__(self, store: Store) -> None:
        self._connection = store.connection
        self.broken = False
        self.reads = 0
        store.connection = self.connection  # type: ignore[method-assign]

    def connection(self) -> Any:
        self.reads += 1
        if self.broken:
            raise AccountsUnavailable("The disk is full.")
        return self._connection()


@pytest.fixture
def secret(store: Store) -> str:
    return Keys(store).add("cms", {Scope.ARTICLES}, Quota(100, Period.DAY))[1]


@pytest.fixture
def gate(file: Path, secret: str) -> Gate:
    return Gate(Settings(keys_file=file))


@pytest.fixture
def disk(gate: Gate) -> Disk:
    assert gate._store is not None
    return Disk(gate._store)


async def identify(gate: Gate, presented: str | None, scope: Scope | None = Scope.ARTICLES) -> Account:
    return await gate.identify(presented, "192.0.2.1", scope)


def run(job: Callable[[], Any]) -> Any:
    return anyio.run(job)


def test_without_a_file_everybody_may_call_and_nothing_is_charged() -> None:
    gate = Gate(Settings())

    async def job() -> None:
        account = await identify(gate, "anything")
        assert account.key is None
        await account.charge(10**9)
        assert await gate.usage(account) is None
        await account.refund()
        assert account.charged == 0

    run(job)


@pytest.mark.parametrize("presented", [None, "", "wrong", "tolmach_00000000_" + "A" * 43])
def test_with_a_file_nobody_may_without_a_key(gate: Gate, presented: str | None) -> None:
    async def job() -> None:
        with pytest.raises(Unauthenticated):
            await identify(gate, presented)

    run(job)


def test_a_scope_that_the_key_lacks_is_named(gate: Gate, secret: str) -> None:
    async def job() -> None:
        with pytest.raises(Forbidden, match="metrics"):
            await identify(gate, secret, Scope.METRICS)

    run(job)


def test_a_key_is_looked_up_once_and_a_revoked_one_soon_useless(
    gate: Gate, secret: str, store: Store, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def job() -> None:
        for _ in range(10):
            await identify(gate, secret)
        assert disk.reads == 1
        Keys(store).revoke("cms")
        await identify(gate, secret)
        monkeypatch.setattr(gate_module, "FRESH", 0.0)
        with pytest.raises(Unauthenticated):
            await identify(gate, secret)

    run(job)


def test_a_known_key_is_believed_while_the_disk_fails(
    gate: Gate, secret: str, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_module, "FRESH", 0.0)

    async def job() -> None:
        await identify(gate, secret)
        disk.broken = True
        account = await identify(gate, secret)
        with pytest.raises(AccountsUnavailable):
            await account.charge(1)  # it has a quota, which cannot be kept now
        with pytest.raises(AccountsUnavailable):
            await identify(gate, "tolmach_00000000_" + "A" * 43)
        monkeypatch.setattr(gate_module, "STALE", 0.0)
        with pytest.raises(AccountsUnavailable):
            await identify(gate, secret)

    run(job)


def test_a_key_without_a_quota_works_on_while_the_disk_fails(gate: Gate, store: Store, disk: Disk) -> None:
    _, secret = Keys(store).add("wire")

    async def job() -> None:
        account = await identify(gate, secret)
        disk.broken = True
        await account.charge(5)
        await account.refund()

    run(job)


def test_what_was_refunded_can_be_used_again(gate: Gate, secret: str) -> None:
    async def job() -> None:
        account = await identify(gate, secret)
        await account.charge(100)
        with pytest.raises(QuotaExceeded):
            await (await identify(gate, secret)).charge(1)
        await account.refund()
        await (await identify(gate, secret)).charge(100)
        used = await gate.usage(account)
        assert used is not None
        assert used.characters == 100

    run(job)


def test_wrong_keys_use_up_the_rate_of_their_address(file: Path, secret: str) -> None:
    gate = Gate(Settings(keys_file=file, rate_limit="3/hour"))

    async def job() -> None:
        for _ in range(3):
            with pytest.raises(Unauthenticated):
                await identify(gate, "guess")
        with pytest.raises(RateLimited):
            await identify(gate, "guess")
        account = await identify(gate, secret)  # whoever has a key is not counted by address
        gate.count(account)
        assert account.standings[0].remaining == 2

    run(job)


def test_only_so_many_keys_are_remembered(gate: Gate, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "REMEMBERED", 3)
    secrets = [Keys(store).add(f"key {number}")[1] for number in range(6)]

    async def job() -> None:
        for secret in secrets:
            await identify(gate, secret)
        assert len(gate._known) == 3

    run(job)
