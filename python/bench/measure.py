"""What is measured of a process: its peak memory."""

import resource
import sys
from pathlib import Path


def peak_memory_mb():
    """
    The most resident memory this process ever had, in MB (2**20 bytes). On Linux VmHWM: unlike ru_maxrss it does not
    begin with the size of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    scale = 2**20 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
