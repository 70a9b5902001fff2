"""The plan in the forms of other tools. Pure."""
