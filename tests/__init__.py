"""Tests mirror the rooms; being one package keeps `tests.infra` and `infra` apart."""
