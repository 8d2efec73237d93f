"""
Makes test/fixtures/adapters: what PEFT makes of its adapters' variants over the models of test/fixtures/families.

    python python/make_adapter_fixtures.py [FOLDER]

Each folder holds an adapter with random matrices, fifty steps of transformers' Trainer from it, and the logits of the model that
PEFT's merge_and_unload makes of the adapter before training. In float32 on one CPU thread.
"""

import copy
import json
import shutil
from pathlib import Path

import peft
import torch
import transformers

import make_parity_fixtures
from make_family_fixtures import CLASSIFIERS, first_logits, rows_for, train
from make_parity_fixtures import ARGUMENTS, tidy_adapter, write
from parity import families
from parity.script import begin

FAMILIES = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "families"
QV = ["q_proj", "v_proj"]

CASES = {
    "dora-llama": ("llama-causal", {"use_dora": True, "target_modules": QV}),
    "dora-llama-biases": ("llama3-causal", {"use_dora": True, "target_modules": ["q_proj", "down_proj"], "use_rslora": True}),
    "dora-gpt2": ("gpt2-causal", {"use_dora": True, "target_modules": ["c_attn"], "fan_in_fan_out": True}),
    "dora-bert": ("bert-tokens", {"use_dora": True, "target_modules": ["query", "value"], "task_type": "TOKEN_CLS"}),
    "patterns": (
        "llama-causal",
        {
            "target_modules": "all-linear",
            "exclude_modules": ["up_proj", "1.mlp.down_proj"],
            "rank_pattern": {"q_proj": 2, r"layers\.1\.self_attn\.(k|v)_proj": 6},
            "alpha_pattern": {"o_proj": 3, "layers.0.mlp.gate_proj": 20},
        },
    ),
    "expressions": (
        "llama-causal",
        {
            "target_modules": r"model\.layers\.\d+\.(self_attn\.[qkv]|mlp\.(up|down))_proj",
            "exclude_modules": r".*\.0\..*\.(q|up)_proj",
            "init_lora_weights": "gaussian",
        },
    ),
    "one-layer": ("qwen2-causal", {"target_modules": QV, "layers_to_transform": [1]}),
    "saved-llama": ("llama-causal", {"target_modules": QV, "modules_to_save": ["embed_tokens", "lm_head"]}),
    "saved-bert": ("bert-tokens", {"target_modules": ["query", "value"], "modules_to_save": ["LayerNorm", "1.intermediate.dense"], "task_type": "TOKEN_CLS"}),
    # Without `ensure_weight_tying` PEFT would train a copy of the table and leave the output layer as it was.
    "bias-all-bert": ("bert-multi-label", {"bias": "all", "target_modules": ["query", "value"], "task_type": "SEQ_CLS"}),
    "bias-only-bert": ("bert-multi-label", {"bias": "lora_only", "target_modules": ["query", "dense"], "task_type": "SEQ_CLS"}),
    "bias-all-qwen2": ("qwen2-causal", {"bias": "all", "target_modules": QV}),
    "bias-only-qwen2": ("qwen2-causal", {"bias": "lora_only", "target_modules": ["q_proj", "down_proj"]}),
    # A bias that is the output layer's too, and norms that are saved whole beside biases.
    "bias-all-masked": ("bert-masked", {"bias": "all", "target_modules": ["value"], "modules_to_save": ["attention.output.LayerNorm"], "task_type": None}),
    "bias-only-dora-gpt2": ("gpt2-causal", {"bias": "lora_only", "use_dora": True, "target_modules": ["c_attn"], "fan_in_fan_out": True}),
    "saved-tied": ("qwen2-causal", {"target_modules": QV, "modules_to_save": ["embed_tokens"], "ensure_weight_tying": True}),
}


def main():
    folder = begin(__doc__, "adapters")
    shutil.rmtree(folder, ignore_errors=True)
    for name, (family, settings) in CASES.items():
        make_case(folder / name, family, settings)
        print(name)


def make_case(folder, family, settings):
    head, base = load(family)
    adapted = make_parity_fixtures.add_adapter(base, {"r": 4, "lora_alpha": 8, "lora_dropout": 0.0, "task_type": "CAUSAL_LM", **settings})
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, parameter in sorted(adapted.named_parameters()):
            if "lora_magnitude_vector" in name:
                parameter.mul_(1 + 0.2 * torch.rand(parameter.shape, generator=generator))
            elif "modules_to_save" in name and "modules_to_save" in settings:
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))
            elif name.endswith(".bias") and parameter.requires_grad and "modules_to_save" not in name:
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))
    adapted.save_pretrained(folder)
    tidy(folder, family)
    rows = rows_for(head)
    write(
        folder / "case.json",
        {
            "made_by": {"transformers": transformers.__version__, "peft": peft.__version__, "torch": torch.__version__.split("+")[0]},
            "family": family,
            "head": head,
            "arguments": ARGUMENTS,
            "input_ids": [row["input_ids"] for row in rows],
            "labels": [row["label" if head in CLASSIFIERS else "labels"] for row in rows],
            "logits": first_logits(adapted, rows, head),
            "merged_logits": first_logits(copy.deepcopy(adapted).merge_and_unload(), rows, head),
            "lora": train(adapted, rows, head),
        },
    )


def load(family):
    """The head of a case of test/fixtures/families, and its model."""
    head = json.loads((FAMILIES / family / "case.json").read_text())["head"]
    return head, families.HEADS[head].from_pretrained(FAMILIES / family, attn_implementation="eager", dtype=torch.float32)


def tidy(folder, family):
    """Settings in a fixed order, and the base by a name that means the same everywhere."""
    tidy_adapter(folder)
    path = folder / "adapter_config.json"
    settings = json.loads(path.read_text())
    settings["base_model_name_or_path"] = family
    for field in ("target_modules", "exclude_modules", "modules_to_save"):
        if isinstance(settings.get(field), list):
            settings[field].sort()
    path.write_text(json.dumps(settings, indent=2) + "\n")


if __name__ == "__main__":
    main()
