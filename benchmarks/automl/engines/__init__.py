"""One script an engine, run by the engine's own interpreter: it imports nothing of ours but what it measures."""
