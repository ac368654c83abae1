"""The elastic-net sweep as one job: all alphas of an l1 ratio in one pass, all runs in one transaction, no MLflow.

The runs are those that a loop over `ElasticNet(alpha, l1_ratio)` with MLflow would have logged.
"""
