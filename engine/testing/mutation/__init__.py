"""Whether worked cases notice that a policy was changed."""
