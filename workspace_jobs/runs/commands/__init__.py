"""The commands of `mlws runs`, a file for each kind: arguments in, results out; the work is done next door."""
