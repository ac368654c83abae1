"""The bundled jobs: the code that is uploaded and runs on a compute, and what describes it to Azure ML.

What is under `src/` runs elsewhere and must import nothing of ours.
"""
