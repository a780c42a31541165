"""What the tests of the examples share: where they are, and how a script among them is loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
POLICY = EXAMPLES.parent / "policies" / "kaolate.yaml"


def script(name: str) -> ModuleType:
    """The script `examples/<name>.py` as a module."""
    spec = importlib.util.spec_from_file_location(f"examples_{name}", EXAMPLES / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
