"""What the program creates: each component, and the resources that belong together in it, in a file of its own."""
