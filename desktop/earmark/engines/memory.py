"""How much memory a process has held."""

import sys


def peak_bytes() -> int | None:
    """The most memory that this process has held; None where the system does not tell."""
    try:
        import resource as system
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return system.getrusage(system.RUSAGE_SELF).ru_maxrss * unit
