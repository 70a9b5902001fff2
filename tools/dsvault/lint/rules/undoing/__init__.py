"""Reversibility and proof."""
