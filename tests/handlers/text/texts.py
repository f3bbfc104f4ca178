"""Texts that a property must hold for: any characters at all, and those that people use to hide words."""

from hypothesis import strategies as st

AWKWARD = (
    "妈妈哈哈哈乾後着 \u3000\t\n\r\u200b\u200d\ufe0f\u202e\u2066\ud800\udfff\u0301\u0489\u20e3"
    "Ａａ①⑩㈠½ﷺﷲßŉǖÜİſ🅰🇸😀👨👍🏽www.WWW...!!！。10000000"
)

any_text = st.text(
    st.one_of(st.characters(), st.characters(categories=["Cs", "Cf", "Mn", "No", "So"]), st.sampled_from(AWKWARD)),
    max_size=60,
)
