"""Azure networking as Resource Manager sees it: what refers to what, and what may not go before what.

No packet moves: who reaches a service is not decided here.
"""
