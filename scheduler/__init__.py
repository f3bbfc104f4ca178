"""Everything that knows time: pure timer rules, their catalogue and the ticking clock."""
