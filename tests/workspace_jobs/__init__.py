"""Tests of the room workspace_jobs that need no service; whole journeys are in tests/acceptance."""
