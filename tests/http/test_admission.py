"""What is taken in, and what is not."""

import pytest

from service.errors import ShuttingDown, TooManyRequests
from service.http.admission import Admission


def test_as_many_as_there_is_room_for() -> None:
    admission = Admission(2)
    admission.enter()
    admission.enter()
    with pytest.raises(TooManyRequests, match="max_requests"):
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
