"""What is exported of the parts that count for themselves: attribute of the snapshot, name and help of the metric."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """`attribute` is one of the part's snapshot. `counts`: it only grows. `label`: the attribute is a dictionary,
    and its keys are values of this label.

    `share`: summing it up over processes makes no sense; the largest is told.
    """

    attribute: str
    name: str
    help: str
    counts: bool = False
    label: str | None = None
    share: bool = False


# Parts that each model has for itself: the label `model` says whose it is. The store is one for all of them.
OF_A_MODEL = frozenset({"queue", "memory"})

SERIES: dict[str, tuple[Series, ...]] = {
    "queue": (
        Series("waiting_sentences", "queue_waiting_sentences", "Sentences that no batch has taken yet."),
        Series("waiting_tokens", "queue_waiting_tokens", "Tokens that no batch has taken yet."),
        Series("running_sentences", "queue_running_sentences", "Sentences that the engine has in hand."),
        Series("requests", "queue_requests", "Calls that the queue accepted.", counts=True),
        Series("batches", "queue_batches", "Batches that the engine was given.", counts=True),
        Series("batch_sizes", "queue_batches_by_size", "Batches of at most so many sentences.", True, "sentences"),
        Series("sentences", "queue_sentences", "Sentences that the engine translated.", counts=True),
        Series("tokens", "queue_tokens", "Tokens of these sentences.", counts=True),
        Series("padded_tokens", "queue_padded_tokens", "Tokens of the batches with their padding.", counts=True),
        Series("joined", "queue_joined", "Sentences that were in work for another request already.", counts=True),
        Series("dropped", "queue_dropped", "Sentences that nobody wanted any more.", counts=True),
        Series("failed", "queue_failed", "Sentences that the engine failed on.", counts=True),
        Series("refused", "queue_refused", "Calls refused because the queue was full or closing.", counts=True),
        Series("expired", "queue_expired", "Calls that were not finished in time.", counts=True),
        Series("cancelled", "queue_cancelled", "Calls whose caller left.", counts=True),
        Series("tokens_per_second", "queue_tokens_per_second", "Speed of the engine while it works."),
        Series("fill", "queue_fill", "Share of the batches that was text and not padding.", share=True),
        Series("stuck_for", "queue_stuck_seconds", "Age of the engine's oldest unfinished call.", share=True),
    ),
    "memory": (
        Series("hits", "memory_hits", "Sentences answered by what this process remembers.", counts=True),
        Series("stored_hits", "memory_stored_hits", "Sentences answered by the store.", counts=True),
        Series("human_hits", "memory_human_hits", "Sentences answered by an editor's correction.", counts=True),
        Series("misses", "memory_misses", "Sentences that were translated.", counts=True),
        Series("cached", "memory_cached_sentences", "Sentences that the processes remember."),
        Series("cached_bytes", "memory_cached_bytes", "Size of these."),
        Series("degraded", "memory_degraded", "1 if the store cannot be read or written.", share=True),
    ),
    "store": (
        Series("rows", "memory_store_rows", "Sentences in the store.", share=True),
        Series("bytes", "memory_store_bytes", "Size of these.", share=True),
        Series("waiting", "memory_store_waiting_rows", "Sentences that are not on the disk yet."),
        Series("written", "memory_store_written", "Sentences written to the store.", counts=True),
        Series("forgotten", "memory_store_forgotten", "Sentences given up while the disk failed.", counts=True),
        Series("evicted", "memory_store_evicted", "Sentences thrown out of the store.", counts=True),
    ),
}
