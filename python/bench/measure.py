"""What is measured of a process: its peak memory and how long ago it was started."""

import resource
import sys
import time
from pathlib import Path

import psutil


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


def seconds_since_start():
    """Seconds since the operating system started this process: the interpreter and every import are in it."""
    return time.time() - psutil.Process().create_time()
