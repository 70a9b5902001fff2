"""What does not run, or not as meant."""
