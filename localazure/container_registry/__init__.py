"""Container registries, as far as ARM shows them. No image is kept."""
