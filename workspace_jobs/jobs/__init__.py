"""Jobs of a workspace: what is meant by a target, its submission, its log, its results.

Knows Azure ML's jobs and the bundled ones under `training/`. Must not know datastores.
"""
