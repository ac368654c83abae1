"""Azure Resource Manager: any resource type, any api-version, kept in SQLite.

What a type has of its own (read-only outputs, global names, soft delete, actions) is in `resource_types`.
"""
