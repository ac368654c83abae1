"""`make up` after set-up: a new user's first journey, each step a command that the user could type.

Knows the product by its command line only.
"""
