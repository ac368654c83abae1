"""A run of the open engine as a job of a workspace: handed over here, run there by the same code.

`submission` knows the workspace; `__main__` must not: on the compute it is given files, and MLflow's variables.
"""
