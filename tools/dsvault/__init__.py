"""dsvault: a multi-tenant dataset vault as PostgreSQL change scripts, and its toolkit."""

__version__ = "0.1.0"
