"""Azure Machine Learning: workspaces and what lives in them, as ARM resources and on the workspace's own API."""
