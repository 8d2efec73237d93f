"""
Writes test/fixtures/schedules.json: the learning rates of transformers' get_scheduler, step by step.

    python python/make_schedule_fixture.py [FILE]
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import get_scheduler

PEAK = 2e-3
CASES = [
    ("linear", {}),
    ("cosine", {}),
    ("cosine", {"num_cycles": 1.5}),
    ("cosine_with_restarts", {}),
    ("cosine_with_restarts", {"num_cycles": 3}),
    ("polynomial", {}),
    ("polynomial", {"lr_end": 1e-4, "power": 2.0}),
    ("inverse_sqrt", {}),
    ("inverse_sqrt", {"timescale": 7}),
    ("constant", {}),
    ("constant_with_warmup", {}),
    ("cosine_with_min_lr", {"min_lr": 1e-4}),
    ("cosine_with_min_lr", {"min_lr_rate": 0.2, "num_cycles": 1.0}),
    ("cosine_warmup_with_min_lr", {"min_lr_rate": 0.1}),
    ("cosine_warmup_with_min_lr", {"min_lr": 1e-4, "warmup_lr_rate": 0.3, "num_cycles": 0.5}),
    ("warmup_stable_decay", {"num_decay_steps": 4}),
    ("warmup_stable_decay", {"num_decay_steps": 4, "warmup_type": "cosine", "decay_type": "linear", "min_lr_ratio": 0.1}),
    ("warmup_stable_decay", {"num_decay_steps": 3, "num_stable_steps": 2, "warmup_type": "1-sqrt", "decay_type": "1-sqrt"}),
    ("warmup_stable_decay", {"num_decay_steps": 6, "decay_type": "cosine", "num_cycles": 1.0}),
]
# Warm-up and all steps; a warm-up of one step and of none are corners of their own.
LENGTHS = [(3, 12), (0, 12), (1, 12)]


def main():
    default = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "schedules.json"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    cases = [case(*named, *lengths) for named in CASES for lengths in LENGTHS]
    lines = ",\n  ".join(json.dumps(each) for each in cases)
    path.write_text(f'{{ "made_by": {{ "transformers": "{transformers.__version__}" }}, "cases": [\n  {lines}\n] }}\n')


def case(kind, kwargs, warmup, total):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    schedule = get_scheduler(kind, optimizer, warmup, total, scheduler_specific_kwargs=dict(kwargs))
    rates = []
    for _ in range(total + 1):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return {"type": kind, "kwargs": kwargs, "warmup": warmup, "total": total, "peak": PEAK, "learning_rates": rates}


if __name__ == "__main__":
    main()
