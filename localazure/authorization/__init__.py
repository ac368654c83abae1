"""Role assignments and management locks: who may do what, and what may not be undone by accident."""
