"""From which probability on a message is answered or suggested to, and how that is told."""

from dataclasses import dataclass
from functools import lru_cache

from domain.decision import Finding, Json
from domain.policy import FaqPolicy
from handlers.faq.index import Candidate

SHOWN = 5
"""Candidates kept in the finding."""


@dataclass(frozen=True, slots=True)
class Bands:
    """From which probability on a message is answered, and suggested to."""

    answer: float
    suggest: float

    def level(self, score: float) -> str:
        """``answer``, ``suggest`` or ``none``."""
        return "answer" if score >= self.answer else "suggest" if score >= self.suggest else "none"

    def level_of(self, candidates: tuple[Candidate, ...]) -> str:
        """The level of the best candidate, by its entry's own thresholds where it has some."""
        if not candidates:
            return "none"
        best = candidates[0]
        if best.entry.answer_at is None and best.entry.suggest_at is None:
            return self.level(best.score)
        answer = self.answer if best.entry.answer_at is None else best.entry.answer_at
        suggest = self.suggest if best.entry.suggest_at is None else best.entry.suggest_at
        return Bands(answer, min(answer, suggest)).level(best.score)


def bands_of(policy: FaqPolicy, addressed: bool) -> Bands:
    """The policy's bands for what is said to the bot, or into the room."""
    if addressed:
        return _bands(policy.addressed_answer_at, policy.addressed_suggest_at)
    return _bands(policy.answer_at, policy.suggest_at)


_bands = lru_cache(maxsize=256)(Bands)
"""Rooms have few different ones, and every message asks for them twice."""


_NONE_NEAR = Finding("faq", 0.0, "none", "没有相近的问答", {"candidates": []})


def finding_of(candidates: tuple[Candidate, ...], bands: Bands) -> Finding:
    """What is told of a message: the likeliest entry, how sure that is, and what else came near."""
    if not candidates:
        return _NONE_NEAR
    best = candidates[0]
    shown: list[Json] = [[c.entry.id, round(c.score, 4)] for c in candidates[:SHOWN]]
    why = f"{best.why}：{best.entry.id}"
    return Finding("faq", best.score, bands.level_of(candidates), why, {"entry": best.entry.id, "candidates": shown})
