"""What a finished AutoML run has to say: leaderboard, figures, explanations, notebooks, model card and one page of all.

Knows a run's folder and reads it. Must not know how the run came about, and fits a pipeline only where it is asked to.
"""
