"""Gets everything the project needs into `.venv` and `.tools`. Knows no room of the product."""
