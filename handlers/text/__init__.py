"""Reading a message: normalise, segment, mood and abuse models; text in, facts out."""
