"""The runs of an MLflow store: found, compared, shown, changed, cleared away.

Knows how to read a sqlite store without MLflow, since importing that takes seconds, and every other store through
MLflow's client. Must not know how runs get into a store: that is `workspace_jobs.tracking`.
"""
