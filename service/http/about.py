"""What goes out of the lists of what there is: languages, models, briefs."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from service.http.replies import Out
from service.translation.pool import State
from service.translation.routing import ModelState


class LanguageOut(Out):
    code: str
    name: str
    native_name: str
    translated: bool = Field(description="False for English, which passes through.")


class BriefOut(Out):
    name: str
    title: str
    audience: str


class QueueOut(Out):
    waiting_sentences: int
    running_sentences: int


class ModelStateOut(Out):
    """A model of the catalogue. `revision` and `sha256` are empty for one whose commit is not known yet."""

    id: str
    summary: str
    architecture: str
    repository: str | None
    revision: str
    sha256: str
    engine: str
    languages: list[str]
    default_for: list[str] = Field(description="Languages whose texts it translates unless another is asked for.")
    licence: str
    commercial_use: bool
    memory_mb: int = Field(description="What it takes when loaded, in MiB, about.")
    state: Literal["absent", "here", "loading", "loaded"]
    loaded: bool
    queue: QueueOut | None = Field(description="Work that waits for it; absent before its first.")

    @classmethod
    def of(cls, model: ModelState, engine: str) -> Self:
        """A model as it is now."""
        entry = model.entry
        loaded = model.state is State.LOADED
        queue = model.stack.queue() if model.stack and model.stack.queue else None
        return cls(
            id=entry.id,
            summary=entry.summary,
            architecture=entry.architecture,
            repository=entry.repository,
            revision=entry.revision,
            sha256=entry.sha256 if entry.files else "",
            engine=engine if loaded else "none",
            languages=list(entry.languages),
            default_for=list(model.routed),
            licence=entry.licence,
            commercial_use=entry.commercial_use,
            memory_mb=entry.memory_mb,
            state=model.state.value,
            loaded=loaded,
            queue=QueueOut.model_validate(queue, from_attributes=True) if queue else None,
        )
