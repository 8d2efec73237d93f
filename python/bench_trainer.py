"""
Fine-tunes a model with Hugging Face Trainer as its documentation shows it, and measures the run.

    python python/bench_trainer.py --model artifacts/bench/minilm --train train.csv --method full --max-length 64

The rows are taken in the order of the file, so that another trainer given the same file sees the same batches.
Prints one JSON object: `losses` and `grad_norms` of every step, `began` (when training began) and `step_ends`
(milliseconds since 1970), `peak_mb`.
"""

import argparse
import json
import sys
import tempfile
import time

import torch
import transformers
from transformers import (
    AutoTokenizer,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from bench.measure import peak_memory_mb
from bench.tasks import add_options, collator, load_model, read_rows


def main():
    options = read_options()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    model = load_model(options)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    rows = read_rows(options, tokenizer, model.config)

    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=model,
            args=arguments(options, folder),
            train_dataset=rows,
            data_collator=collator(options, tokenizer),
            callbacks=[clock],
        )
        trainer.pop_callback(PrinterCallback)
        trainer.train()
    log = [entry for entry in trainer.state.log_history if "loss" in entry]
    result = {
        "began": clock.began,
        "step_ends": clock.step_ends,
        "peak_mb": peak_memory_mb(),
        "optim": str(trainer.args.optim.value),
        "losses": [entry["loss"] for entry in log],
        "grad_norms": [float(entry["grad_norm"]) for entry in log],
    }
    json.dump(result, sys.stdout)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--train", required=True, help="the rows: CSV with a header for classification, else JSONL")
    parser.add_argument("--steps", type=int, default=-1, help="stop after so many steps; else one epoch")
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--warmup-steps", type=int, default=50)
    parser.add_argument("--gradient-checkpointing", action="store_true")
    return parser.parse_args()


def arguments(options, folder):
    """Trainer's defaults (its fused AdamW too) but for what the benchmark names."""
    return TrainingArguments(
        output_dir=folder,
        num_train_epochs=1,
        max_steps=options.steps,
        per_device_train_batch_size=options.batch,
        learning_rate=options.learning_rate,
        warmup_steps=options.warmup_steps,
        weight_decay=0.01,
        gradient_checkpointing=options.gradient_checkpointing,
        train_sampling_strategy="sequential",
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        use_cpu=True,
    )


class Clock(TrainerCallback):
    """Notes when training begins and when each step ends. `on_step_end` comes after the optimizer's step."""

    def __init__(self):
        self.began = None
        self.step_ends = []

    def on_train_begin(self, args, state, control, **kwargs):
        self.began = 1000 * time.time()

    def on_step_end(self, args, state, control, **kwargs):
        self.step_ends.append(1000 * time.time())


if __name__ == "__main__":
    main()
