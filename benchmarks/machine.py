"""What a benchmark was run on."""

import os
import platform


def machine() -> str:
    """Python, system and processors, in a line."""
    return (
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors"
    )
