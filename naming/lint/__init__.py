"""Judges names: sources give named resources, checks give findings, a reporter writes them down.

A new source, check or reporter is a new function in `sources`, `checks` or `reporters`. None knows the others.
"""
