"""dsvault: a multi-tenant dataset vault as PostgreSQL change scripts, and the toolkit that runs them."""

__version__ = "0.1.0"
