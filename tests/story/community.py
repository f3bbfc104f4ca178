"""The configuration of the stories: one member room, one agents' room, and nothing that depends on the time of day."""

from pathlib import Path

# Every hour is an hour of service and no hour is night; members may be as quick as tests are.
STEWARD = """
bot_name: 小管家
public_url: {url}
staff_rooms: ["{agents}"]
rooms:
{rooms}
policy:
  night: {{start: "00:00", end: "00:00"}}
  moderation: {{max_warnings_shown: 20, flood: {{messages: 15, duplicates: 15}}}}
  faq: {{cooldown: 0}}
  talk: {{people_first: 1, loop_window: 1}}
  welcome: {{gather: 3}}
  engagement: {{merge_window: 2}}
  escalation: {{hours: {{open: {{mon-sun: ["00:00-24:00"]}}}}}}
"""
FAQ = """
entries:
  - id: refund-time
    question: 退款多久到账？
    similar: [退款要几天, 退款多久能到账, 多久能收到退款]
    answer: 三到五个工作日。
  - id: open-hours
    question: 你们几点上班？
    similar: [客服几点上班, 工作时间是几点]
    answer: 早上九点到晚上六点。
"""


def configure(folder: Path, url: str, agents: str, rooms: str) -> Path:
    """A config folder; ``agents`` is the key of the agents' room, ``rooms`` the YAML below ``rooms:``."""
    (folder / "faq").mkdir(parents=True)
    (folder / "steward.yaml").write_text(STEWARD.format(url=url, agents=agents, rooms=rooms), encoding="utf-8")
    (folder / "faq" / "shop.yaml").write_text(FAQ, encoding="utf-8")
    return folder
