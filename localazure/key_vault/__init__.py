"""Key Vault: vaults as ARM resources, secrets on `*.vault.azure.net`, access policies enforced."""
