"""From a run to a registered model, and from a model to code that uses it.

Knows MLflow's model registry and the files of a logged model. Must not know how the model was trained.
"""
