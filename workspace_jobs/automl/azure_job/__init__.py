"""AutoML jobs as Azure describes them, run on this engine: what the embedded Azure starts for such a job.

Knows Azure's taskDetails; must not know the server that starts it, or blobs: it is given folders.
"""

ENGINE = "local AutoML"
