"""Where trials run: in processes of this machine, or on the nodes of a Ray cluster.

Knows the machines; must not know what is searched for.
"""
