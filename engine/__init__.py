"""Store policies that decide: load a policy, ask it a question about a case, get an answer with its reasons."""

from engine.policy import Policy, PolicyError, UnknownDecision, load_policy

__all__ = ["Policy", "PolicyError", "UnknownDecision", "load_policy"]
