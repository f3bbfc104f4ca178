"""Is a message meant for the bot? By @, in a private chat, by quoting it, or as the word after an empty @."""

import re
from collections.abc import Collection
from datetime import timedelta

from domain.events import MessagePosted, Quote
from domain.facts import Facts, Recent
from domain.incoming import MessageKind
from domain.text import TextFacts
from handlers.once import once
from handlers.openings import opening_of

EMPTY_MENTION = "empty_mention"
"""The mark (room, member) of an @ without words, or with a greeting alone."""
_A_BOT = re.compile(
    r"(?:请问)?(?:你|您|小助手|小管家)?(?:到底|究竟)?(?:是不是|是)(?:一?个)?(?:机器人|真人|人工智能|ai|bot|robot|活人|人机)"
    r"(?:吗|嘛|么|吧|呢|还是.{1,6})?"
    r"|(?:你|您)(?:到底|究竟)?是(?:人|真人|活人)(?:吗|还是.{1,6})|(?:你|您)是谁(?:啊|呀|呢)?|areyoua(?:bot|robot)"
)


@once
def is_addressed(event: MessagePosted, facts: Facts) -> bool:
    """Whether the sender speaks to the bot. @所有人 and an @ of somebody else never do."""
    if event.mentions_bot or facts.room.private:
        return True
    if event.quote is not None:
        return quotes_bot(event.quote, facts)
    return not event.mentions and follows_empty_mention(event, facts)


def speaks_to_others(event: MessagePosted) -> bool:
    """Whether an @ turns the words to other people: ``@小王 签到`` tells 小王 to check in."""
    return not event.mentions_bot and (bool(event.mentions) or event.mentions_all)


def asks_what_it_is(text: TextFacts) -> bool:
    """Whether the bot, if it is addressed, is asked whether it is one."""
    return _A_BOT.fullmatch(text.compact) is not None


def is_empty_mention(event: MessagePosted) -> bool:
    """Whether this is the bot's name alone."""
    return event.mentions_bot and event.kind is MessageKind.TEXT and event.quote is None and not event.text.strip()


def follows_empty_mention(event: MessagePosted, facts: Facts) -> bool:
    """Whether this is the member's next message after an empty @, within the policy's window."""
    since = facts.mark(EMPTY_MENTION, event.sender.id)
    if since is None or event.at - since > timedelta(seconds=facts.policy.empty_mention_window):
        return False
    before = facts.member(event.sender.id).recent
    # The @ itself is the last thing they said; anything after it has used the window up.
    return bool(before) and before[-1].at == since and _says_nothing(before[-1])


def _says_nothing(recent: Recent) -> bool:
    return not recent.text.strip() or opening_of("".join(filter(str.isalnum, recent.norm))) is not None


def quotes_bot(quote: Quote, facts: Facts, names: Collection[str] = ()) -> bool:
    """Whether the quoted words are the bot's own. Where the platform tells no author, the shown name decides."""
    if quote.member_id is not None:
        return quote.member_id == facts.account.member_id
    return quote.name in (facts.account.name, *names)
