"""What the console calls things, in Chinese; a name that is not in a table is shown as it is."""

import re

RULES = {
    "abuse": "辱骂",
    "advert": "广告",
    "complaint": "投诉",
    "faq": "常见问题",
    "flood": "刷屏",
    "duplicate": "重复发言",
    "staff": "客服指令",
    "command": "成员指令",
    "own": "本号消息",
    "takeover": "人工跟进",
    "draw": "抽奖",
    "checkin": "签到",
    "campaign": "活动",
    "trial": "试用规则",
    "spread": "到处发",
    "chorus": "约好的重话",
    "newcomer": "新成员",
    "wave": "很多人进群",
    "banned": "拉黑名单",
    "welcome": "迎新",
    "feedback": "对回答的反应",
    "choice": "选了",
    "follow_up": "追问",
    "joined": "连起来看",
    "talk": "闲谈",
}
LEVELS = {
    "none": "无",
    "review": "留意",
    "warn": "警告",
    "remove": "严重",
    "watch": "留意",
    "escalate": "转人工",
    "suggest": "建议",
    "answer": "回答",
    "refused": "拒绝",
    "wrong": "说不对",
    "rephrased": "换说法又问",
    "answered": "又问又答",
    "taken": "选中",
    "done": "已执行",
    "hint": "没执行",
    "echo": "回声",
    "owner": "号主发的",
    "passed_on": "转给客服",
    "agent": "客服发言",
    "lapsed": "接手过期",
    "reminded": "已提醒",
    "late": "等候已久",
    "entered": "已参加",
    "already": "已参加过",
    "closed": "已结束",
    "decided": "开奖",
    "opened": "开始",
    "posted": "已发布",
    "skipped": "跳过",
    "counted": "已签到",
    "greeted": "已欢迎",
    "arrived": "自我介绍",
    "accepted": "已接受",
    "called": "被点名",
    "asked": "被问身份",
    "check_in": "签到",
    "points": "积分",
    "join_draw": "参加",
    "my_entries": "我的参与",
    "progress": "进度",
    "help": "帮助",
    "privacy": "隐私",
    "appeal": "申诉",
    "my_warnings": "我的警告",
    "human": "人工",
    "satisfaction": "满意度",
}
SEVERITIES = {
    "light": "轻",
    "plain": "一般",
    "grave": "严重",
    "late": "晚到",
    "recalled": "已自行撤回",
    "warn": "一般",
    "remove": "严重",
}
LOUD_LEVELS = ("warn", "remove", "escalate", "refused")
KINDS = {
    "message_posted": "发言",
    "message": "发言",
    "own_message": "本号消息",
    "message_recalled": "撤回",
    "recalled": "撤回",
    "member_joined": "进群",
    "joined": "进群",
    "member_left": "离群",
    "left": "离群",
    "room_invited": "邀请入群",
    "room_joined": "本号入群",
    "room_left": "本号离群",
    "room_renamed": "群改名",
    "timer_fired": "定时",
    "timer": "定时",
    "staff_acted": "客服操作",
    "staff": "客服操作",
    "unreadable": "读取失败",
}
ACTIONS = {
    "say": "发言",
    "send_file": "发文件",
    "recall": "撤回消息",
    "mute": "禁言",
    "unmute": "解除禁言",
    "remove": "移出群",
    "accept_invite": "接受邀请",
    "add_sanction": "记录处置",
    "reverse_sanction": "撤销处置",
    "judge_sanction": "复核判定",
    "set_rule": "改规则",
    "ban": "拉黑",
    "lift_ban": "解除拉黑",
    "add_appeal": "记录申诉",
    "open_case": "新建工单",
    "append_to_case": "记入工单",
    "take_case": "接手工单",
    "agent_spoke": "客服发言",
    "release_case": "释放工单",
    "reminded_agent": "提醒客服",
    "resolve_case": "解决工单",
    "rate_case": "满意度",
    "check_in": "签到",
    "credit_points": "积分",
    "open_draw": "开始抽奖",
    "enter_draw": "参加抽奖",
    "close_draw": "开奖",
    "set_quiet": "静音开关",
    "remember": "记时",
    "set_timer": "设定时",
    "set_presence": "进出群",
    "set_room_presence": "本号进出群",
    "rename_room": "群改名",
    "mark_recalled": "标记撤回",
    "cancel_sends": "取消待发",
    "bind_staff": "绑定客服",
    "void_code": "作废绑定码",
    "audit": "审计",
    "settle_send": "确认已发",
    "answer_doubtful": "处理存疑",
}
CASE_STATES = {"open": "待接手", "assigned": "处理中", "resolved": "已解决"}
AUTHORS = {"member": "成员", "agent": "客服", "bot": "小管家", "note": "内部备注"}
SANCTIONS = {
    "warn": "警告",
    "whisper": "私下提醒",
    "mute": "禁言",
    "tell_owner": "告知群主",
    "remove": "移出群",
    "trial": "试用记录",
}
EFFECTS = {
    "answered": "新答上",
    "changed": "换了答案",
    "silenced": "不再回答",
    "blocked": "新拦下",
    "released": "不再拦",
    "escalated": "新转人工",
    "kept": "不再转人工",
}
RULE_STATES = {"live": "启用", "trial": "试用", "retired": "停用"}
SEND_STATES = {
    "waiting": "待发",
    "calling": "发送中",
    "sent": "已发",
    "doubtful": "存疑",
    "expired": "过期未发",
    "refused": "被平台拒绝",
    "cancelled": "已取消",
    "simulated": "模拟",
}
CLASSES = ("客服", "管理", "回答", "活动", "问候")
LOGINS = {"offline": "离线", "scanning": "待扫码", "online": "在线", "occupied": "被占用"}
MESSAGE_KINDS = {
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "sticker": "表情",
    "file": "文件",
    "link": "链接",
    "card": "名片",
    "location": "位置",
    "mini_program": "小程序",
    "red_packet": "红包",
    "transfer": "转账",
    "chat_history": "聊天记录",
    "group_note": "接龙",
    "system": "系统消息",
    "unknown": "未知类型",
}
OUTCOMES = {
    "done": "已执行",
    "refused": "已拒绝",
    "failed": "失败",
    "accepted": "已接受",
    "ban.removed": "正在移出",
    "ban.present": "没有权限，已告诉客服群",
}
BAD_OUTCOMES = ("refused", "failed")
APPEALS = {"open": "待看", "reversed": "处置已撤销", "kept": "复核后维持"}
ACTS = {
    "sign-in": "登录",
    "password": "修改密码",
    "shown-name": "改显示的名字",
    "binding-code": "生成绑定码",
    "staff.bind": "绑定身份",
    "user.add": "添加用户",
    "user.disable": "停用用户",
    "user.enable": "恢复用户",
    "user.role": "改角色",
    "user.password": "重设密码",
    "user.unbind": "解除绑定",
    "case.reply": "回复工单",
    "case.take": "接手工单",
    "case.transfer": "转交工单",
    "case.resolve": "解决工单",
    "case.note": "记备注",
    "send.answer": "处理存疑发送",
    "quiet.on": "开静音",
    "quiet.off": "关静音",
    "sanction.undo": "撤销处置",
    "sanction.review": "复核判定",
    "rule.change": "改规则",
    "ban.set": "拉黑",
    "ban.lift": "解除拉黑",
    "ban.kept": "拦下拉黑的人",
    "draw.open": "开始抽奖",
    "draw.close": "开奖",
    "faq.phrase": "加问法",
    "faq.change": "改问答",
    "faq.add": "加问答",
    "faq.remove": "删问答",
    "faq.upload": "传文件",
    "book.rollback": "回退配置",
    "event.retry": "重新处理",
    "room.invite": "邀请入群",
    "sanction:warn": "警告",
    "sanction:whisper": "私下提醒",
    "sanction:mute": "禁言",
    "sanction:tell_owner": "告知群主",
    "sanction:remove": "移出群",
    "sanction:trial": "试用记录",
    "sanction:eased": "自行撤回，从轻",
    "told_staff": "告诉客服群",
}

ACTORS = {
    "bot": "小管家",
    "steward user": "命令行",
    "config folder": "配置文件夹",
    "member": "本人",
    "?": "不认识的名字",
}

TARGETS = {
    "event": "事件",
    "faq": "问答",
    "revision": "版本",
    "rule": "规则",
    "member": "成员",
    "case": "工单",
    "sanction": "处置",
    "draw": "抽奖",
    "outbox": "发送",
    "room": "群",
    "rooms": "所有群",
    "user": "用户",
}

TABLES: dict[str, dict[str, str]] = {
    "rule": RULES,
    "level": LEVELS,
    "kind": KINDS,
    "action": ACTIONS,
    "case_state": CASE_STATES,
    "author": AUTHORS,
    "sanction": SANCTIONS,
    "rule_state": RULE_STATES,
    "severity": SEVERITIES,
    "effect": EFFECTS,
    "send_state": SEND_STATES,
    "login": LOGINS,
    "message_kind": MESSAGE_KINDS,
    "outcome": OUTCOMES,
    "appeal": APPEALS,
    "act": ACTS,
    "actor": ACTORS,
}
_SANCTION = re.compile(r"([0-9]{1,15})(?: (.+))?")
_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")


def word(key: object, table: str) -> str:
    """The Chinese name of a stored key; class names (``AddSanction``) are read as ``add_sanction``."""
    name = str(getattr(key, "value", key))
    return TABLES[table].get(_BOUNDARY.sub("_", name).lower(), name)


def target(text: str) -> str:
    """What an act of the audit log was about: ``case:12`` and the like as people say it."""
    kind, _, number = text.partition(":")
    title = TARGETS.get(kind)
    if title is None or not number:
        return title or text
    return f"{title} #{number}" if number.isdecimal() else f"{title}“{number}”"


def outcome(text: str) -> str:
    """An outcome of the audit log; what follows a colon is its reason, ``6 骂名`` a sanction and its rule."""
    sanction = _SANCTION.fullmatch(text)
    if sanction is not None:
        return f"处置 #{sanction[1]}" + (f" · {word(sanction[2], 'rule')}" if sanction[2] else "")
    head, colon, reason = text.partition(":")
    return f"{OUTCOMES.get(head, head)}{colon and '：'}{reason.strip()}"
