"""The facts and questions that all policies share, and how a policy adds its own."""
