"""The run as pages that need no other file: the report, a trial, the model card.

Knows findings and how to show them.
"""
