"""Store policies that decide: load a policy, ask it a question about a case, get an answer with its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.policy import Policy, PolicyError, UnknownDecision, load_policy
    from engine.versions import PolicyVersions, load_versions

__all__ = ["Policy", "PolicyError", "PolicyVersions", "UnknownDecision", "load_policy", "load_versions"]


def __getattr__(name: str) -> Any:
    """Import the door when somebody opens it: a command that needs a part of the engine does not load all of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("PolicyVersions", "load_versions"):
        from engine import versions

        return getattr(versions, name)
    from engine import policy

    return getattr(policy, name)
