"""Pure judgement: what each rule of the house thinks of one event."""
