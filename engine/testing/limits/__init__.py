"""The limits of a policy, and cases that touch them."""
