"""Notebooks in scikit-learn's own words: of a trial, which reproduces it, and of the candidates before training.

Knows how pipelines, metrics and splits are written as code. Fits nothing.
"""
