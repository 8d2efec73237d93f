"""
How many tokens a second transformers generates on the CPU: greedy, prompts of equal length drawn at random, no end before the last token.

    python python/bench_generate.py --model FOLDER --batch 8 --prompt 64 --new 64 --threads 2

Prints one JSON object: {"tokens": …, "seconds": …}, of the fastest of three runs behind one that warms up.
"""

import argparse
import json
import time

import torch
import transformers
from transformers import AutoModelForCausalLM, GenerationConfig


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--prompt", type=int, default=64)
    parser.add_argument("--new", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(options.threads)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    model.generation_config.eos_token_id = None
    # The same numbers as bench/generate-child.mjs: what is read does not change the time.
    ids = torch.tensor([[(row * 7919 + place * 104729) % 500 + 3 for place in range(options.prompt)] for row in range(options.batch)])
    config = GenerationConfig(do_sample=False, max_new_tokens=options.new, min_new_tokens=options.new, eos_token_id=None, pad_token_id=0)
    times = []
    for _ in range(4):
        started = time.perf_counter()
        out = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=config)
        times.append(time.perf_counter() - started)
    tokens = (out.shape[1] - options.prompt) * options.batch
    print(json.dumps({"tokens": tokens, "seconds": min(times[1:])}))


if __name__ == "__main__":
    main()
