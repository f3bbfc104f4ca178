"""Where the account stands: health as it changes, and the times in which nothing was heard. Pure, time is told."""

from datetime import datetime

from bot.channels.port import ChannelEvent, Gap, Health, Login

CONNECTING = "正在连接网关"
WAITING = "已连上网关，等待登录"


class Standing:
    """Each change gives the events to be told, in order; what changes nothing gives none.

    A gap begins at the last sign of life before the loss, and ends when the account is logged in on an open stream. It
    is told before the login, because it belongs to the account of before; the very first one after it.
    """

    def __init__(self, now: datetime) -> None:
        self.health = Health(Login.OFFLINE, CONNECTING, since=now)
        self._began = now
        self._deaf: tuple[datetime, str] | None = None

    def lost(self, now: datetime, login: Login, reason: str, heard_at: datetime | None) -> list[ChannelEvent]:
        """The stream is not there. ``heard_at``: the last sign of life on it, None when there was none."""
        if self._deaf is None:
            self._deaf = (heard_at or self._began, reason)
        return self._change(now, login, reason)

    def waiting(self, now: datetime) -> list[ChannelEvent]:
        """The stream is open and nobody is logged in yet; a code to be scanned stays on show."""
        if self.health.login in (Login.ONLINE, Login.SCANNING):
            return []
        return self._change(now, Login.OFFLINE, WAITING)

    def scanning(self, now: datetime, url: str, reason: str) -> list[ChannelEvent]:
        """The platform wants a code scanned. While logged in this is an old one: only a logout ends a login."""
        if self.health.login is Login.ONLINE:
            return []
        return self._change(now, Login.SCANNING, reason, url or self.health.scan_url)

    def logged_out(self, now: datetime, reason: str) -> list[ChannelEvent]:
        """The account left the platform; the stream stays."""
        if self._deaf is None:
            self._deaf = (now, reason)
        return self._change(now, Login.OFFLINE, reason)

    def online(self, now: datetime, account_id: str, name: str) -> list[ChannelEvent]:
        """The account is logged in, or shown a new name."""
        first = not self.health.account_id
        changed = self.health.login is not Login.ONLINE or self.health.account_id != account_id
        since = now if changed else self.health.since
        name = name or (self.health.account_name if self.health.account_id == account_id else "")
        health = Health(Login.ONLINE, account_id=account_id, account_name=name, since=since)
        news: list[ChannelEvent] = [health] if health != self.health else []
        self.health = health
        if self._deaf is not None:
            gap = Gap(self._deaf[0], now, self._deaf[1])
            self._deaf = None
            news.insert(len(news) if first else 0, gap)
        return news

    def _change(self, now: datetime, login: Login, reason: str, url: str = "") -> list[ChannelEvent]:
        was = self.health
        since = now if login is not was.login else was.since
        health = Health(login, reason, url, was.account_id, was.account_name, since)
        if health == was:
            return []
        self.health = health
        return [health]
