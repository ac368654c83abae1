"""A table, read: from files, folders and data assets, sampled where it is large, its columns told apart.

Knows nothing of models.
"""
