"""Locks and rewrites."""
