"""What a service without keys asks of a request, so that no page that an editor visits can read or write here through
the editor's browser. Where keys are asked for, such a page has none.
"""

from __future__ import annotations

import ipaddress

from starlette.requests import Request

from service.errors import CrossSite, UnknownHost
from service.settings import Settings

LOCAL = "localhost"
ANY = "*"
LONGEST_SHOWN = 100


def check(request: Request, settings: Settings, *, writes: bool) -> None:
    """Raises UnknownHost; CrossSite where a request that `writes` comes from a page elsewhere."""
    if settings.keys_file is not None:
        return
    host = request.headers.get("host", "")
    if not is_known(host, settings.allowed_hosts):
        raise UnknownHost(
            f"Without keys the service is not known as {host[:LONGEST_SHOWN]!r}: call it by its address or as "
            f"localhost, or name the host in TOLMACH_ALLOWED_HOSTS."
        )
    # Browsers say so themselves, and no script can make them lie; what is no browser says nothing.
    if writes and request.headers.get("sec-fetch-site") == "cross-site":
        origin = request.headers.get("origin", "")
        if origin not in settings.cors_origins and ANY not in settings.cors_origins:
            raise CrossSite("A page elsewhere may not write here; TOLMACH_CORS_ORIGINS names the origins that may.")


def is_known(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a `Host` header may lead here: a name that a stranger owns may resolve to this machine too (DNS
    rebinding), an address or `localhost` is nobody's. A request without one is no browser's.
    """
    name = _name(host)
    return (
        not name
        or ANY in allowed
        or name in allowed
        or name == LOCAL
        or name.endswith(f".{LOCAL}")
        or _is_address(name)
    )


def _name(host: str) -> str:
    """The name or address alone, without brackets and port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower().removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
