"""What every script that makes a folder of fixtures begins with."""

import argparse
from pathlib import Path

import torch
import transformers

FIXTURES = Path(__file__).resolve().parent.parent.parent / "test" / "fixtures"


def begin(description, name):
    """
    Reads the folder to write to from the command line, by default `test/fixtures/NAME`, and makes transformers quiet and PyTorch
    deterministic, on one thread.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FIXTURES / name)
    folder = parser.parse_args().folder
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    return folder
