"""What worked cases show of the conditions of a policy."""
