"""What a change of the program or of a stack file would do, for whoever has to approve it: plan, names and cost."""
