"""From probabilities to answers: calibration, the threshold of a metric, and the class of least expected cost.

Knows truth and out-of-fold probabilities; must not know how they were made, or the report that tells of them.
"""
