"""What the documentation says is held to the code: links, commands, settings, shown output and recipes."""
