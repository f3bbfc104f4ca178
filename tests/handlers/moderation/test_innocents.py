"""Hundreds of harmless phrases, alone and in a sentence: no mask is seen where there is none, and nobody is warned."""

import pytest

from handlers.moderation.lexicon import MASKS
from handlers.text.facts import read
from tests.handlers.moderation.innocents import phrases
from tests.handlers.moderation.test_abuse import PLAIN, judged, shipped

MOST = 0.02
"""The share of harmless phrases that may be misread; every one of them is a reason to mend a list."""


@pytest.mark.parametrize("frame", ["{}", "大家好，{}啊", "我说{}，你们觉得呢"])
def test_hardly_any_harmless_phrase_brings_a_warning(frame: str) -> None:
    told = [phrase for phrase in phrases() if judged(frame.format(phrase), PLAIN, model=0.0).at_least("warn")]
    assert len(told) <= MOST * len(phrases()), told


def test_no_mask_is_seen_where_there_is_none() -> None:
    masked = [
        (phrase, hit.term, hit.view)
        for phrase in phrases()
        for hit in shipped().hits(read(phrase))
        if hit.view in MASKS and "warn" in (hit.words.severity, hit.words.to_somebody)
    ]
    assert len(masked) <= MOST * len(phrases()), masked


def test_there_are_hundreds_of_them() -> None:
    assert len(set(phrases())) >= 380
