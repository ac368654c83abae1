"""The embedded Azure: the same Azure, on this machine.

Knows Azure's protocols and the naming rules; knows nothing of `infra` or `workspace_jobs`.
"""
