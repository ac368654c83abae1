"""What can be tried: a candidate, its pipeline of scikit-learn's classes, and the definitions of many.

Knows columns by their kinds, and no data.
"""
