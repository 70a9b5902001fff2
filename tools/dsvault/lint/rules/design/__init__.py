"""Tables, keys, types and names."""
