"""What watches over the whole program: who deploys where, names and tags, deletion."""
