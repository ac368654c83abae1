"""What can be concluded from a run: who is best and how surely, what counts, for whom it is worse, how to decide.

Knows trials and predictions, and gives data. Must not know how it is shown.
"""
