"""Pages and JSON for agents and operators: reads storage, writes events."""
