"""Who is calling: managed identities, the tokens they are given, and the check of those tokens.

Knows principals and tokens; knows no resource.
"""
