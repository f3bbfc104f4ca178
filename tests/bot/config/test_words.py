"""The built-in word lists, which are not checked at every start."""

from bot.config.load import load_texts
from handlers.text.normalise import folded


def test_every_built_in_term_can_hit_and_none_is_a_lone_character_by_mistake() -> None:
    lists = load_texts({"steward.yaml": "{}"}).words
    assert len(lists) > 10
    for words in lists:
        forms = [folded(term) for term in words.terms]
        assert all(forms)
        assert words.exact or words.whole_token or all(len(form) > 1 for form in forms)
