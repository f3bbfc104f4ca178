"""The receipt of a lucky draw: one canonical JSON value from which anybody can check how the winners came about.

Shape, version 1 (stamps as `domain.draw.stamp`, hashes and seed in lower-case hex)::

    {"format": "steward-draw-receipt", "version": 1,
     "terms": {"draw_id", "title", "prizes": [{"name", "count"}], "opened_at", "closes_at" or null, "rules"},
     "rules_hash": SHA256(canonical(terms)),            published at opening
     "commitment": SHA256(seed),                        published at opening
     "closed_at",
     "roster": {"draw_id", "entrants": [{"id", "name", "at"}], "exclusions": [{"id", "reason"}]},   sorted by id
     "roster_hash": SHA256(canonical(roster)),          published before the seed
     "seed",
     "winners": [{"slot", "prize", "id", "name", "rank"}],
     "redraws": [{"slot", "id", "reason", "at", "successor" or null}]}

What no hash covers is the operator's word and decides nothing: ``closed_at`` (never before the announced time) and the
reasons and times of redraws.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.draw import Outcome, Redraw, Roster, Terms, canonical, clean, commitment, outcome, ranking, stamp

FORMAT = "steward-draw-receipt"
VERSION = 1


def settle(seed: bytes, terms: Terms, frozen: Roster, redraws: Sequence[Redraw] = ()) -> Outcome:
    """Who wins what, after the redraws so far. Raises ValueError as `domain.draw.outcome` and `commitment` do."""
    commitment(seed)
    return _settled(seed, terms, frozen, frozen.hash, redraws)


def _settled(seed: bytes, terms: Terms, frozen: Roster, roster_hash: str, redraws: Sequence[Redraw]) -> Outcome:
    ranked = ranking(seed, roster_hash, (one.id for one in frozen.entrants))
    return outcome(
        ranked,
        (one.entrant_id for one in frozen.exclusions),
        [(clean(prize.name), prize.count) for prize in terms.prizes],
        [(redraw.slot, redraw.entrant_id) for redraw in redraws],
    )


def receipt(
    seed: bytes, terms: Terms, frozen: Roster, closed_at: datetime, redraws: Sequence[Redraw] = ()
) -> dict[str, object]:
    """The receipt as a JSON value; `canonical` makes the text of it.

    Raises ValueError for a seed of the wrong length, a roster of another draw, a naive datetime, or a redraw of a
    slot that its entrant does not hold.
    """
    if frozen.draw_id != terms.draw_id:
        raise ValueError(f"the roster is of draw {frozen.draw_id}, the terms of draw {terms.draw_id}")
    committed, roster_hash = commitment(seed), frozen.hash
    settled = _settled(seed, terms, frozen, roster_hash, redraws)
    names = {one.id: clean(one.name) for one in frozen.entrants}
    return {
        "format": FORMAT,
        "version": VERSION,
        "terms": terms.as_json(),
        "rules_hash": terms.hash,
        "commitment": committed,
        "closed_at": stamp(closed_at),
        "roster": frozen.as_json(),
        "roster_hash": roster_hash,
        "seed": seed.hex(),
        "winners": winner_rows(settled, names),
        "redraws": [
            {
                "slot": redraw.slot,
                "id": redraw.entrant_id,
                "reason": clean(redraw.reason),
                "at": stamp(redraw.at),
                "successor": successor,
            }
            for redraw, successor in zip(redraws, settled.successors, strict=True)
        ],
    }


def winner_rows(settled: Outcome, names: Mapping[str, str]) -> list[dict[str, object]]:
    """The ``winners`` of a receipt; ``names`` are the nicknames by entrant id."""
    return [
        {"slot": won.slot, "prize": won.prize, "id": won.entrant_id, "name": names[won.entrant_id], "rank": won.rank}
        for won in settled.awards
    ]


def receipt_text(seed: bytes, terms: Terms, frozen: Roster, closed_at: datetime, redraws: Sequence[Redraw] = ()) -> str:
    """The receipt as the canonical JSON text that is stored and published."""
    return canonical(receipt(seed, terms, frozen, closed_at, redraws))
