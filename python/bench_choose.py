"""
How long transformers takes to choose among labels by their likelihood, asked as lm-evaluation-harness asks it: each label behind each
prompt as a sequence of its own, in batches.

    python python/bench_choose.py --model FOLDER --rows 4 --prompt 128 --labels 20 --length 4 --threads 2

Prints one JSON object: {"rows": …, "seconds": …, "sums": […]}, of the faster of two runs behind one that warms up.
"""

import argparse
import json
import time

import torch
import transformers
from transformers import AutoModelForCausalLM


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    for name, default in [("rows", 4), ("prompt", 128), ("labels", 20), ("length", 4), ("threads", 2), ("batch", 16)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(options.threads)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    # The same tokens as bench/choose-child.mjs.
    tokens = lambda row, count: [(row * 7919 + place * 104729) % 500 + 3 for place in range(count)]
    labels = [tokens(label + 1000, options.length) for label in range(options.labels)]
    whole = torch.tensor([tokens(row, options.prompt) + label for row in range(options.rows) for label in labels])
    times = []
    for _ in range(3):
        started = time.perf_counter()
        sums = [value for batch in whole.split(options.batch) for value in likelihoods(model, batch, options.length)]
        times.append(time.perf_counter() - started)
    print(json.dumps({"rows": options.rows, "seconds": min(times[1:]), "sums": sums}))


@torch.inference_mode()
def likelihoods(model, ids, length):
    """Sum of the log-probabilities of the last `length` tokens of each sequence."""
    logits = model(ids[:, :-1]).logits[:, -length:].log_softmax(-1)
    return logits.gather(-1, ids[:, -length:, None])[..., 0].sum(-1).tolist()


if __name__ == "__main__":
    main()
