"""What staff tell the bot to do, from their room, from ordinary rooms, from a private chat, and from the console."""

from handlers.staff.handler import StaffCommands

__all__ = ["StaffCommands"]
