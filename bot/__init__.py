"""The shell: channels, listen, decide, respond, settings, logs, command line and composition root."""
