"""The configuration of the stories: one member room, one agents' room, and nothing that depends on the time of day."""

from pathlib import Path

from tests.journeys.harness import write_config

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
    files = {"steward.yaml": STEWARD.format(url=url, agents=agents, rooms=rooms), "faq/shop.yaml": FAQ}
    return write_config(folder, files)
