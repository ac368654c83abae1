"""A stack and what is in Azure already: what differs from it, and how it takes over what somebody else made.

Knows the engine's plans and Azure's answers; what is created it does not know.
"""
