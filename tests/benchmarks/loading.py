"""Modules of the benchmarks, which stand in no package."""

import importlib.util
import sys
from types import ModuleType

from tests.home import CHECKOUT


def module(path: str) -> ModuleType:
    """A module by its path under ``benchmarks/``."""
    spec = importlib.util.spec_from_file_location(
        path.replace("/", "_"), CHECKOUT / "benchmarks" / path
    )
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up by name.
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made
