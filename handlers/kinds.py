"""How a message that is no text is shown to people: [图片], [语音] …"""

from domain.incoming import MessageKind

LABELS: dict[MessageKind, str] = {
    MessageKind.TEXT: "",
    MessageKind.IMAGE: "图片",
    MessageKind.VOICE: "语音",
    MessageKind.VIDEO: "视频",
    MessageKind.STICKER: "表情",
    MessageKind.FILE: "文件",
    MessageKind.LINK: "链接",
    MessageKind.CARD: "名片",
    MessageKind.LOCATION: "位置",
    MessageKind.MINI_PROGRAM: "小程序",
    MessageKind.RED_PACKET: "红包",
    MessageKind.TRANSFER: "转账",
    MessageKind.CHAT_HISTORY: "聊天记录",
    MessageKind.GROUP_NOTE: "接龙",
    MessageKind.SYSTEM: "系统消息",
    MessageKind.UNKNOWN: "暂不支持的消息",
}


def shown(kind: MessageKind, text: str, limit: int = 200) -> str:
    """The message in one line for people: its words (cut at ``limit`` characters), or its kind in brackets."""
    words = " ".join(text.split())
    words = words if len(words) <= limit else words[: limit - 1] + "…"
    label = LABELS[kind]
    return f"[{label}]" if label and kind is not MessageKind.GROUP_NOTE else words or "[空消息]"
