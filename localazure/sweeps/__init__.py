"""The process of a sweep job: submits its trials as command jobs through Azure's own API, and watches their metrics.

It talks to the embedded Azure as any client does, so it outlives a server that is started again.
"""
