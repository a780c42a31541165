"""What the change from one text of a policy to another comes to."""
