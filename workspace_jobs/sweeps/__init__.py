"""Sweeps: a script or function tried with many values of its parameters, on this machine's processes or in a workspace.

Knows MLflow and the launcher of `training`. Only `job_file.py` and `remote.py` know Azure ML.
"""
