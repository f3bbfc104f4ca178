"""What a page says once after a form was posted: codes in the address, so that nobody can put words there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A line above the page; ``good`` chooses its colour."""

    text: str
    good: bool = True


def because(why: str) -> Notice:
    """Why an act was not carried out, as the decision says it."""
    return Notice(f"没有执行：{why}" if why else "没有执行", good=False)


NOTICES: dict[str, Notice] = {
    "done": Notice("已完成"),
    "queued": Notice("已提交，小管家正在处理，稍后刷新可见"),
    "hint": Notice("没有执行", good=False),
    "failed": Notice("处理时出错了，已记入“失败事件”", good=False),
    "again": Notice("正在重新处理，再出错会回到这里"),
    "empty": Notice("先写点内容再提交", good=False),
    "unsayable": Notice("这段内容没法原样提交（太长，或会被读成别的指令），请改一改再试", good=False),
    "unknown": Notice("找不到了，可能刚被别人处理", good=False),
    "settled": Notice("这条已经不是存疑状态，没有再处理", good=False),
    "password": Notice("密码已修改，其他设备已退出"),
    "shown": Notice("名字已改，从下一句起用"),
    "user-disabled": Notice("已停用：当场退出登录，绑定的聊天身份不再算数；手上的工单半小时没动静会自动放回"),
    "user-enabled": Notice("已恢复，密码和绑定都还是原来的"),
    "user-role": Notice("角色已改，请对方重新登录"),
    "user-unbound": Notice("绑定已解除，这个聊天身份不再算数"),
    "user-own": Notice("自己的账号请让另一位管理员来改；密码在“我的账号”里改", good=False),
    "user-last": Notice("这是最后一位能登录的管理员，先把别人设成管理员再改", good=False),
    "rolled-back": Notice("文件已换回，几秒后生效；原来的文件在配置文件夹的 backups 里"),
    "removed": Notice("已从文件里删掉，几秒后生效；想要回来，在“配置”页回退"),
    "published": Notice("已写进文件，几秒后生效，成为一个新的版本"),
    "phrased": Notice("问法已写进文件，几秒后生效"),
    "signed-out": Notice("已退出"),
    "expired": Notice("请先登录"),
}
