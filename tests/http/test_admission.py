"""What is taken in, and what is not."""

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.errors import ShuttingDown, TooManyRequests
from service.http.admission import Admission
from service.settings import Settings
from service.translation.fake import FakeEngine


def test_as_many_as_there_is_room_for() -> None:
    admission = Admission(2)
    admission.enter()
    admission.enter()
    with pytest.raises(TooManyRequests, match="TOLMACH_MAX_REQUESTS"):
        admission.enter()
    admission.leave()
    admission.enter()
    assert admission.inside == 2


def test_who_is_inside_when_it_closes_stays_and_nobody_follows() -> None:
    admission = Admission(2)
    admission.check()
    admission.enter()
    admission.close()
    with pytest.raises(ShuttingDown):
        admission.check()
    with pytest.raises(ShuttingDown) as refused:
        admission.enter()
    assert refused.value.retry_after
    assert admission.inside == 1
    admission.leave()
    assert admission.inside == 0


def test_an_application_that_is_started_again_takes_work_in() -> None:
    app = create_app(Settings(), FakeEngine())
    for _ in range(2):
        with TestClient(app) as client:
            assert client.get("/health/ready").status_code == 200
            assert client.post("/v1/detect", json={"text": "Guvernul a adoptat bugetul."}).status_code == 200
        assert app.state.admission.closed
