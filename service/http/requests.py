"""What comes in over HTTP. The field names are the contract."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from service.errors import InvalidInput
from service.summary.brief import Question

Include = Literal["source", "dropped", "alternatives"]

SOURCE_HELP = "ISO 639-1 code of the text, or `auto` to detect it."
BRIEF_HELP = "Name of a brief (see `GET /v1/briefs`), or a brief written out as an object."


class In(BaseModel):
    """Base of requests: an unknown field is an error, so that a misspelt option is never ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class TextOrHtml(In):
    """Base of requests about an article."""

    text: str | None = Field(None, description="The article as plain text; paragraphs are separated by line breaks.")
    html: str | None = Field(None, description="The article as HTML, whole page or fragment.")
    title: str | None = Field(None, max_length=1000, description="The headline, where it is known.")
    source: str = Field("auto", description=SOURCE_HELP)
    model: str | None = Field(None, max_length=100, description="Id of the model; the settings decide if absent.")

    @model_validator(mode="after")
    def one_of(self) -> Self:
        """Exactly one of text and html. Raises InvalidInput: pydantic's own error would name no field."""
        if (self.text is None) == (self.html is None):
            field = "text" if self.text is None else "html"
            raise InvalidInput(f"{field}: give exactly one of text and html.", field=field)
        return self


class Briefed(TextOrHtml):
    """Base of requests for a summary."""

    brief: str | dict[str, Any] = Field("wire", description=BRIEF_HELP)
    questions: list[Question] = Field(
        default_factory=list, max_length=10, description="Questions that the summary should answer."
    )

    @field_validator("brief", mode="before")
    @classmethod
    def named_or_written(cls, value: object) -> object:
        """A name or an object: the union's own message would name a field `brief.str`, which there is not."""
        if not isinstance(value, str | dict):
            raise ValueError("give the name of a brief, or a brief as an object")
        return value


class ArticleRequest(Briefed):
    repair: bool | None = Field(None, description="Whether wrong figures are put right; the setting decides if absent.")
    include: list[Include] = Field(
        default_factory=list, max_length=3, description="Parts of the reply that are off by default."
    )


class TranslateRequest(TextOrHtml):
    repair: bool | None = Field(None, description="Whether wrong figures are put right; the setting decides if absent.")
    include: list[Include] = Field(default_factory=list, max_length=3)


class SummarizeRequest(Briefed):
    words: int | None = Field(None, ge=5, le=2000, description="Length of the summary in words; overrules the brief.")
    sentences: int | None = Field(
        None, ge=1, le=100, description="Length of the summary in sentences; overrules the brief."
    )
    mode: Literal["summary_only", "full"] = Field(
        default="summary_only",
        description="`summary_only` chooses in the original and translates the choice; `full` translates all first.",
    )
    include: list[Literal["source"]] = Field(default_factory=list, max_length=1)

    @model_validator(mode="after")
    def one_length(self) -> Self:
        """Words or sentences, not both. Raises InvalidInput, as above."""
        if self.words is not None and self.sentences is not None:
            raise InvalidInput("sentences: give words or sentences, not both.", field="sentences")
        return self


class FiguresRequest(In):
    text: str = Field(description="The text to read.")
    language: str = Field("auto", description=SOURCE_HELP)
    against: str | None = Field(
        None, description="English of the text: its figures are checked against those of `text`."
    )


class DetectRequest(In):
    text: str = Field(description="The text whose language is asked for.")
