"""Set-up and the first journey. Knows how to get what the product needs; the product never imports it.

Standard library only: it runs with the machine's own Python before anything is installed.
"""
