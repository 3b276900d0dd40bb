"""Whether work is taken in, and how much of it is inside."""

from __future__ import annotations

from service.errors import ShuttingDown, TooManyRequests
from service.settings import variable

STATE = "admission"
"""The name under which the application's lifespan hands its admission to the server (`lifespan.state` of ASGI)."""


class Admission:
    """Counts the requests for work from their header to the end of their reply. Belongs to one event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.inside = 0
        self.closed = False

    def check(self) -> None:
        """Whether anything is still taken in. Raises ShuttingDown."""
        if self.closed:
            raise ShuttingDown("The service is shutting down and takes nothing new.")

    def enter(self) -> None:
        """Take a request in. Raises ShuttingDown, TooManyRequests."""
        self.check()
        if self.inside >= self._most:
            raise TooManyRequests(f"{self._most} requests are in work already ({variable('max_requests')}).")
        self.inside += 1

    def leave(self) -> None:
        """A request that was taken in is done with."""
        self.inside -= 1

    def open(self) -> None:
        """Take work in, as from the start; an application may be started again after its end."""
        self.closed = False

    def close(self) -> None:
        """Take nothing new from now on; what is inside goes on."""
        self.closed = True
