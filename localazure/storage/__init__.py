"""Storage accounts: ARM resources in front, Azurite (Microsoft's own emulator) for the blobs behind."""
