"""The launcher: what runs where a job runs, here or on a compute, and makes any training code a tracked run.

It is uploaded with a job, so it may need nothing but the standard library, MLflow, and `workspace_jobs.tracking`.
Must not know Azure.
"""
