"""Training: any code as a tracked job, starter scripts, and the bundled jobs.

What is under `src/` and `starter/` runs elsewhere and must import nothing of ours.
"""
