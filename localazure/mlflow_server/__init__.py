"""The tracking server behind every embedded workspace: MLflow's own, with run ids as Azure ML gives them."""
