"""A database beside what a plan makes: differences, who made each thing, what to do. Pure."""
