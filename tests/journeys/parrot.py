"""The smallest handler there can be: it says back what was said, so that the path itself can be looked at."""

import time
from dataclasses import replace

from bot.app import Steward
from domain.actions import Remember, Say
from domain.decision import Opinion
from domain.events import Event, MessagePosted
from domain.facts import Facts
from domain.text import TextFacts
from handlers.echo import OwnEcho
from handlers.judge import Engine


class Parrot:
    """Answers every message with its own words; ``慢`` takes a while, ``错`` makes it raise."""

    name = "parrot"
    listens: tuple[type, ...] = (MessagePosted,)

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Say it back."""
        assert isinstance(event, MessagePosted)
        if event.text == "慢":
            time.sleep(0.3)
        if event.text == "错":
            raise RuntimeError("this handler has a fault")
        say = Say(room_id=event.room_id, text=f"「{event.text}」", mentions=(event.sender,))
        mark = Remember(room_id=event.room_id, member_id=event.sender.id, key="parrot", at=facts.now)
        return Opinion(actions=(say, mark))


def let_parrot_judge(steward: Steward) -> None:
    """Put an engine in force that only parrots; a text of ``毒`` cannot be judged at all."""
    steward.stop_watching()
    house = steward.house
    engine = house.engine

    def read(text: str) -> TextFacts:
        if text == "毒":
            raise ValueError("this message cannot be read")
        return engine.read(text)

    house.engine = Engine(replace(engine.book, campaigns=()), (OwnEcho(engine.book), Parrot()), read)
