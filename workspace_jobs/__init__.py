"""What runs in an Azure ML workspace: datastores, jobs, and the code of the bundled jobs.

Knows Azure through its official SDKs and a workspace through its `config.json`. Must not know Pulumi, the
rooms `infra` and `localazure`, or whether the Azure it talks to is in a data centre or on this machine.
"""
