"""Local AutoML: tries plain scikit-learn pipelines on a table and keeps the best. Not Azure's engine, and says so.

It knows tables, pipelines and MLflow runs; it must not know jobs, blobs, or the server that started it.
"""

ENGINE = "local AutoML"
