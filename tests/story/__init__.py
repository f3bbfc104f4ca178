"""The whole story in the real process: `steward run` as an operator starts it, in Chromium and on a Wechaty gateway."""
