"""Everything that can go wrong for a caller: a stable `code`, an HTTP status, and a message for a person.

Messages name the field and the limit; they never carry the text of another exception.
"""

from __future__ import annotations


class TolmachError(Exception):
    """Base of all errors that a caller may see."""

    code = "internal"
    status = 500

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


class UnsupportedMediaType(TolmachError):
    code = "unsupported_media_type"
    status = 415


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


class BadBrief(TolmachError):
    """A brief's file does not say what a brief must say; the message names the file and the line."""

    code = "bad_brief"


class ModelFileError(TolmachError):
    """A model's file is missing or is not the one that the catalogue names; the message names the file."""

    code = "model_file"


class EngineFailed(TolmachError):
    code = "engine_failed"
    status = 502


class NotReady(TolmachError):
    code = "not_ready"
    status = 503


class ShuttingDown(NotReady):
    code = "shutting_down"


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
