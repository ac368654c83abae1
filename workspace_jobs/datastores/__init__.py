"""Datastores: what `datastores.yaml` asks for, and what a workspace has.

Knows the file's form and Azure ML's datastores. Must not know jobs.
"""
