"""Orders: writes, and events that are never lost."""
