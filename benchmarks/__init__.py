"""Each headline figure, as a ratio against a peer measured in the same run. Never run by the tests."""
