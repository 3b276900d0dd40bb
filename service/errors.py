"""Everything that can go wrong for a caller: a stable `code`, an HTTP status, and a message for a person.

Messages name the field and the limit; they never carry the text of another exception.
"""

from __future__ import annotations


class TolmachError(Exception):
    """Base of all errors that a caller may see."""

    code = "internal"
    status = 500
    retry_after: int | None = None  # whole seconds until it is worth another try, where that is known

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidInput(TolmachError):
    code = "invalid_input"
    status = 422


class EmptyText(InvalidInput):
    code = "empty_text"


class NotText(InvalidInput):
    code = "not_text"
    status = 400


class TooLarge(TolmachError):
    code = "too_large"
    status = 413


class HeaderTooLarge(TolmachError):
    """Most of these are refused before they are a request; one that arrives in a single piece is not."""

    code = "bad_request"
    status = 400


class UnknownHost(TolmachError):
    """A service without keys was called by a name that no setting says is its own."""

    code = "unknown_host"
    status = 400


class RequestTimedOut(TolmachError):
    """The body did not arrive in time."""

    code = "request_timeout"
    status = 408


class UnsupportedMediaType(TolmachError):
    code = "unsupported_media_type"
    status = 415


class UnsupportedEncoding(UnsupportedMediaType):
    """A `Content-Encoding` that is not undone here; RFC 9110 wants the reply to say in `Accept-Encoding` which are."""


class NotAcceptable(TolmachError):
    code = "not_acceptable"
    status = 406


class UnsupportedLanguage(InvalidInput):
    code = "unsupported_language"


class UndetectedLanguage(InvalidInput):
    code = "undetected_language"


class UnknownBrief(InvalidInput):
    code = "unknown_brief"


class UnknownModel(InvalidInput):
    code = "unknown_model"


class NoCorrection(TolmachError):
    code = "no_correction"
    status = 404


class BadBrief(TolmachError):
    """A brief's file does not say what a brief must say; the message names the file and the line."""

    code = "bad_brief"


class ModelFileError(TolmachError):
    """A model's file is missing or is not the one that the catalogue names; the message names the file."""

    code = "model_file"


class PullFailed(TolmachError):
    """A model cannot be fetched: the hub, the network or the disk is in the way."""

    code = "pull_failed"
    status = 502


class EngineFailed(TolmachError):
    code = "engine_failed"
    status = 502


class NotReady(TolmachError):
    code = "not_ready"
    status = 503


class ModelUnavailable(NotReady):
    """A model of the catalogue that is not installed here, and no other may do its work."""

    code = "model_unavailable"


class ShuttingDown(NotReady):
    """`retry_after`: by then another process, or the next one in its place, should be there."""

    code = "shutting_down"
    retry_after = 5


class QueueFull(NotReady):
    """More work waits than is accepted; `retry_after` is the number of whole seconds until there should be room."""

    code = "queue_full"

    def __init__(self, message: str, *, retry_after: int = 1, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.retry_after = retry_after


class DeadlineExceeded(TolmachError):
    code = "deadline_exceeded"
    status = 504


class Cancelled(TolmachError):
    """The caller left before its work was done; nobody reads this reply."""

    code = "cancelled"
    status = 503


class MemoryUnavailable(NotReady):
    """The translation memory cannot be read or written now, so that a person's correction would be lost."""

    code = "memory_unavailable"


class Unauthenticated(TolmachError):
    code = "unauthenticated"
    status = 401


class Forbidden(TolmachError):
    """The key is good, but not for this."""

    code = "forbidden"
    status = 403


class CrossSite(Forbidden):
    """A page elsewhere would write to a service without keys through the browser of whoever visits it."""

    code = "cross_site"


class RateLimited(TolmachError):
    code = "rate_limited"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QuotaExceeded(RateLimited):
    """`retry_after` is the time until the quota's period ends."""

    code = "quota_exceeded"


class TooManyRequests(NotReady):
    """More requests are being worked on than are admitted at once, whoever sends them."""

    code = "too_many_requests"
    retry_after = 1


class AccountsUnavailable(NotReady):
    """The file of the keys cannot be read or written now."""

    code = "accounts_unavailable"
    retry_after = 5


class BadSetting(TolmachError):
    """A setting says what cannot be done; the message names it."""

    code = "bad_setting"


class OpenToAll(BadSetting):
    """The service would answer other machines without asking who they are, and no setting says that this is meant."""

    code = "open_to_all"
