"""The three kinds of stacks: a workspace with all that it hangs on, a project of a hub, and what all of them share."""
