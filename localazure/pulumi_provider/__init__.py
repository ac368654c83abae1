"""A Pulumi provider that turns azure-native resources into ARM requests, for the embedded Azure only.

Knows azure-native's shape and ARM's. Knows nothing of how the embedded Azure answers: it would work against
any ARM.
"""
