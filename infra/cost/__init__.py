"""What a stack will cost, before it is created: the plan of the engine, priced with a dated table.

Knows which meters Azure bills for which resource. Must not know how resources are made, and never imports Pulumi.
"""
