"""
Writes the adapter that PEFT draws over a model of the benchmarks, so that both sides of an epoch start from the same matrices.

    python python/make_bench_adapter.py --model artifacts/bench/minilm-no-dropout --method lora --adapter FOLDER
"""

import argparse

import torch
import transformers

from bench.tasks import add_options, load_model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.manual_seed(0)
    folder, options.adapter = options.adapter, None
    load_model(options).save_pretrained(folder)


if __name__ == "__main__":
    main()
