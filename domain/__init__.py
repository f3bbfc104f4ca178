"""Values and pure rules of the community; imports nothing of ours and does no I/O."""
