"""Why something was not sent or not heard, in Chinese: our own records are English, platforms speak as they like."""

import re

_REASONS = {
    "its time was over before it could go": "轮到它时已经过了时限",
    "the case has changed hands since": "工单已经换人跟进",
    "the account is not in the room any more": "账号已经不在这个群里",
    "no private chat with this member is known": "对方没和小管家私聊过，私下的话送不到；要紧的请您自己转告",
    "an agent took over": "同事接手了",
    "what it answers is gone": "对方撤回了，或离开了群",
    "people have answered": "群里有人先答了",
    "the talk has gone on": "话题已经过去了",
    "both sides were spoken to": "已经一起劝过双方",
    "it was taken back before it was done": "还没执行就撤销了",
    "said in one message with others": "和别的话合成一条说了",
    "settled by staff": "同事确认过",
    "sent again by staff": "同事重新发了",
    "the program ended during the call": "发到一半程序停了",
    "the channel failed": "渠道出错，已自动重启",
}
_NO_REPLY = re.compile(r"no reply within ([0-9]+) s")
_CANNOT = re.compile(r"the embedded channel cannot (\w+)")


def reason(text: str) -> str:
    """A stored reason as staff read it; what is not ours stays as it is."""
    late, unable = _NO_REPLY.fullmatch(text), _CANNOT.fullmatch(text)
    if late is not None:
        return f"等了 {late[1]} 秒没有回音"
    if unable is not None:
        return f"网页群做不到（{unable[1]}）"
    return _REASONS.get(text, text)
