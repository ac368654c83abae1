"""What is created: the Pulumi program and its settings.

Knows Azure's resources and Pulumi. Must not know the jobs, nor anything of the embedded Azure save its tenant id.
"""
