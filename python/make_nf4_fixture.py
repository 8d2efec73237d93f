"""
Makes test/fixtures/nf4: what bitsandbytes makes of weights in 4 bits, and fifty steps of QLoRA.

    python python/make_nf4_fixture.py [FOLDER]

`weights.json`: random blocks, quantised by bitsandbytes (NF4, blocks of 64) on the CPU. `case.json`: transformers' Trainer and PEFT over a
model of test/fixtures/families whose linear layers, but for the head's, are what bitsandbytes' 4 bits stand for, in float32.
"""

import shutil

import bitsandbytes
import bitsandbytes.functional as F
import peft
import torch
import transformers

import make_parity_fixtures
from make_adapter_fixtures import FAMILIES, load, tidy
from make_family_fixtures import TASK_TYPES, first_logits, rows_for, train
from make_parity_fixtures import ARGUMENTS, write
from parity.nf4 import quantize, round_layers
from parity.script import begin

CASES = {
    "llama-causal": ["q_proj", "v_proj"],
    "gpt2-causal": ["c_attn"],
    "bert-tokens": ["query", "value"],
    "qwen3-causal": ["q_proj", "v_proj"],
}


def main():
    folder = begin(__doc__, "nf4")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    generator = torch.Generator().manual_seed(3)
    weights = torch.randn((24, 32), generator=generator)
    weights[0, :] = 0
    weights[2, :] = 0
    weights[3, :] = torch.linspace(-1, 1, 32)
    packed, state = quantize(weights)
    made_by = {"bitsandbytes": bitsandbytes.__version__, "transformers": transformers.__version__, "peft": peft.__version__, "torch": torch.__version__.split("+")[0]}
    write(
        folder / "weights.json",
        {
            "made_by": made_by,
            "weights": weights.flatten().tolist(),
            "packed": packed.flatten().tolist(),
            "absmax": state.absmax.tolist(),
            "dequantized": F.dequantize_4bit(packed, state).flatten().tolist(),
        },
    )

    for family, targets in CASES.items():
        head, base = load(family)
        round_layers(base)
        adapted = make_parity_fixtures.add_adapter(
            base, {"r": 4, "lora_alpha": 8, "lora_dropout": 0.0, "task_type": TASK_TYPES[head], "target_modules": targets, "fan_in_fan_out": family.startswith("gpt2")}
        )
        place = folder / family
        adapted.save_pretrained(place)
        tidy(place, family)
        rows = rows_for(head)
        write(
            place / "case.json",
            {
                "made_by": made_by,
                "family": family,
                "head": head,
                "arguments": ARGUMENTS,
                "input_ids": [row["input_ids"] for row in rows],
                "labels": [row["labels"] for row in rows],
                "logits": first_logits(adapted, rows, head),
                "lora": train(adapted, rows, head),
            },
        )
        print(family)


if __name__ == "__main__":
    main()
