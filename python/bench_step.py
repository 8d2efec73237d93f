"""
Times PyTorch's own training loop on a padded batch: forward, loss, backward, clipping, fused AdamW.

    python python/bench_step.py --model artifacts/bench/minilm --method full --steps 30

The model trains as it is configured, dropout included. Prints one JSON object: `began` and `step_ends` (milliseconds
since 1970), `warmup` (steps that do not count), `matrix_products` (their share of the operators' time, from a profile of
further steps), `peak_mb`, `losses`.
"""

import argparse
import json
import sys
import time

import torch
import transformers

from bench.measure import peak_memory_mb
from bench.tasks import add_options, load_model

# Weight products, and attention's two products, which PyTorch fuses with the softmax between them.
PRODUCTS = {"aten::mm", "aten::addmm", "aten::bmm", "aten::baddbmm"}
ATTENTION = "scaled_dot_product_flash_attention_for_cpu"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--warmup", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    model = load_model(options)
    model.train()
    optimizer = torch.optim.AdamW(parameter_groups(model), lr=5e-5, fused=True)
    batch = make_batch(options, model.config)

    began = 1000 * time.time()
    losses, step_ends = [], []
    for _ in range(options.warmup + options.steps):
        losses.append(step(model, optimizer, batch))
        step_ends.append(1000 * time.time())
    peak_mb = peak_memory_mb()
    result = {
        "began": began,
        "step_ends": step_ends,
        "warmup": options.warmup,
        "peak_mb": peak_mb,
        **profile(lambda: step(model, optimizer, batch)),
        "losses": losses,
    }
    json.dump(result, sys.stdout)


def parameter_groups(model):
    """Trainer's rule: no decay on biases and norms."""
    trained = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    plain = [parameter for name, parameter in trained if is_plain(name)]
    decayed = [parameter for name, parameter in trained if not is_plain(name)]
    return [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]


def is_plain(name):
    parts = name.split(".")
    return parts[-1] == "bias" or any("norm" in part.lower() or part.startswith("ln_") for part in parts)


def make_batch(options, config):
    """Every position real, ids spread over the vocabulary: nothing to be gained by looking at padding."""
    rows, tokens = options.batch, options.max_length
    first = min(1000, config.vocab_size // 10)
    ids = ((torch.arange(rows * tokens) * 7919) % (config.vocab_size - first) + first).view(rows, tokens)
    labels = ids if options.task == "text-generation" else torch.arange(rows) % config.num_labels
    return {"input_ids": ids, "attention_mask": torch.ones(rows, tokens, dtype=torch.long), "labels": labels}


def step(model, optimizer, batch):
    optimizer.zero_grad()
    loss = model(**batch).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_((p for p in model.parameters() if p.requires_grad), 1.0)
    optimizer.step()
    return loss.item()


def profile(run, steps=3):
    """Shares of the operators' own CPU time."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profiler:
        for _ in range(steps):
            run()
    events = profiler.key_averages()
    total = sum(event.self_cpu_time_total for event in events)
    products = sum(event.self_cpu_time_total for event in events if event.key in PRODUCTS)
    attention = sum(event.self_cpu_time_total for event in events if ATTENTION in event.key)
    return {"matrix_products": products / total, "attention": attention / total}


if __name__ == "__main__":
    main()
