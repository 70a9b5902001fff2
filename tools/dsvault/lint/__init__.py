"""A linter for PostgreSQL change scripts: reads them as PostgreSQL will, before it does.

`run.lint` reads paths into sequences of scripts (`project`), keeps a model of the catalog as the
statements go by (`catalog`, `simulate`), and asks every rule below `rules/`. Pure: no server.
"""
