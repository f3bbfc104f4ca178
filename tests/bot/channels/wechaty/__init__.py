"""The WeChat channel: its pure parts alone, the whole of it against a real gateway."""
