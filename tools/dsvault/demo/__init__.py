"""The demonstration vault: two tenants with people, datasets, versions and encrypted records."""
