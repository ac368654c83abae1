"""AutoML: from a table to candidates, trials, an ensemble and a model, every one a plain scikit-learn pipeline.

Knows tables, scikit-learn and MLflow; must not know Azure, save where a run is handed to it (`submission`).
"""
