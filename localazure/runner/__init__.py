"""The runner: executes submitted jobs as local processes, one supervising process a job.

It knows blobs, environments and processes; it must not know ARM, HTTP routes, or what a workspace is.
"""
