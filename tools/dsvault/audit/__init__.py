"""What vouches for the audit trail: trees, seals, checkpoints and proofs, as values. Pure.

The database makes seals; here they are checked without any of its own functions, so that whoever
could replace those deceives nobody.
"""
