"""
Saves models and adapters the way their users do, with save_pretrained of transformers and PEFT, and prints the logits
that they give, so that Tunebook's own loaders can be held against them.

    echo '{"input_ids": [[2, 7, 3]]}' | python python/save_with_peft.py CLASSIFIER MASKED FAMILIES FOLDER

FAMILIES is a folder as make_family_fixtures.py makes it. Writes FOLDER/<name> for each. Standard output: {name: logits},
one list a row; where a head works on tokens one a token.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    BertForSequenceClassification,
)

from verify_output import logits

LABELS = 5

ADAPTERS = {
    "an adapter of query and value": {"r": 4, "lora_alpha": 8, "target_modules": ["query", "value"]},
    "an adapter of every layer, rsLoRA": {"r": 3, "lora_alpha": 5, "target_modules": "all-linear", "use_rslora": True},
    "an adapter with every bias": {"r": 4, "bias": "all", "target_modules": ["query", "value"]},
    "an adapter with its own pooler": {"r": 2, "target_modules": ["dense"], "modules_to_save": ["pooler"]},
}

HEADS = {
    "CAUSAL_LM": AutoModelForCausalLM,
    "TOKEN_CLS": AutoModelForTokenClassification,
    "SEQ_CLS": AutoModelForSequenceClassification,
}

# Over a model of the families; what is not given is PEFT's default.
FAMILY_ADAPTERS = {
    "GPT-2, its default targets": ("gpt2-causal", {"task_type": "CAUSAL_LM", "fan_in_fan_out": True}),
    "GPT-2, every layer": ("gpt2-causal", {"task_type": "CAUSAL_LM", "fan_in_fan_out": True, "target_modules": "all-linear", "r": 3}),
    "GPT-2, DoRA": ("gpt2-causal", {"task_type": "CAUSAL_LM", "fan_in_fan_out": True, "target_modules": ["c_attn", "c_fc"], "use_dora": True}),
    "GPT-2, a classifier": ("gpt2-sequence", {"task_type": "SEQ_CLS", "fan_in_fan_out": True}),
    "Llama, its default targets": ("llama-causal", {"task_type": "CAUSAL_LM", "r": 4, "lora_alpha": 16}),
    "Llama, DoRA, rsLoRA": ("llama-causal", {"task_type": "CAUSAL_LM", "target_modules": ["q_proj", "down_proj"], "use_dora": True, "use_rslora": True}),
    "Llama, patterns": (
        "llama3-causal",
        {
            "task_type": "CAUSAL_LM",
            "target_modules": "all-linear",
            "rank_pattern": {"q_proj": 2, r"layers\.1\.self_attn\.(k|v)_proj": 6},
            "alpha_pattern": {"o_proj": 3},
            "exclude_modules": ["up_proj"],
        },
    ),
    "Llama, layers by a regular expression": (
        "llama-causal",
        {"task_type": "CAUSAL_LM", "target_modules": r".*\.(q|v|down)_proj", "exclude_modules": r".*\.0\..*", "init_lora_weights": "gaussian"},
    ),
    "Llama, its head saved whole": ("llama-causal", {"task_type": "CAUSAL_LM", "modules_to_save": ["lm_head", "embed_tokens"]}),
    "Llama, a token classifier": ("llama-tokens", {"task_type": "TOKEN_CLS"}),
    "Llama, a classifier": ("llama-sequence", {"task_type": "SEQ_CLS", "target_modules": "all-linear"}),
    "Mistral": ("mistral-causal", {"task_type": "CAUSAL_LM"}),
    "Qwen2, every layer": ("qwen2-causal", {"task_type": "CAUSAL_LM", "target_modules": "all-linear"}),
    "Qwen2, its words saved whole": ("qwen2-causal", {"task_type": "CAUSAL_LM", "target_modules": ["q_proj"], "modules_to_save": ["embed_tokens"], "ensure_weight_tying": True}),
    "Qwen2, every bias": ("qwen2-causal", {"task_type": "CAUSAL_LM", "bias": "all"}),
    "Qwen2, biases of its targets": ("qwen2-causal", {"task_type": "CAUSAL_LM", "target_modules": "all-linear", "bias": "lora_only"}),
    "Qwen3, one layer": ("qwen3-causal", {"task_type": "CAUSAL_LM", "target_modules": ["q_proj", "v_proj"], "layers_to_transform": [1]}),
    "BERT, a token classifier, DoRA": ("bert-tokens", {"task_type": "TOKEN_CLS", "use_dora": True, "target_modules": ["query", "dense"]}),
    "BERT, a token classifier, every bias": ("bert-tokens", {"task_type": "TOKEN_CLS", "target_modules": ["query"], "modules_to_save": ["LayerNorm"], "bias": "all"}),
    "DistilBERT, a token classifier": ("distilbert-tokens", {"task_type": "TOKEN_CLS", "target_modules": ["q_lin", "v_lin"]}),
    "RoBERTa, a token classifier": ("roberta-tokens", {"task_type": "TOKEN_CLS", "target_modules": ["query", "key", "value", "dense"]}),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("classifier", "masked", "families", "folder"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    rows = json.load(sys.stdin)["input_ids"]
    torch.manual_seed(5)

    made = {}

    def keep(name, model):
        model.save_pretrained(options.folder / name)
        made[name] = logits(model, rows)

    for name, settings in ADAPTERS.items():
        base = AutoModelForSequenceClassification.from_pretrained(options.classifier)
        keep(name, adapted(base, {"task_type": "SEQ_CLS", **settings}))
    # Weights in half the size, as most models of the Hub have them: their logits are those of the rounded weights.
    rounded = AutoModelForSequenceClassification.from_pretrained(options.classifier).to(torch.bfloat16)
    rounded.save_pretrained(options.folder / "a classifier in bfloat16")
    made["a classifier in bfloat16"] = logits(rounded.float(), rows)
    sharded = AutoModelForSequenceClassification.from_pretrained(options.classifier)
    sharded.save_pretrained(options.folder / "a classifier in shards", max_shard_size="40KB")
    made["a classifier in shards"] = logits(sharded, rows)
    headless = BertForSequenceClassification.from_pretrained(options.masked, num_labels=LABELS)
    keep("a masked model made a classifier", headless)
    keep("a masked model", AutoModelForMaskedLM.from_pretrained(options.masked))
    for name, (family, settings) in FAMILY_ADAPTERS.items():
        base = HEADS[settings["task_type"]].from_pretrained(options.families / family, dtype=torch.float32)
        keep(name, adapted(base, settings))
    json.dump(made, sys.stdout)


def adapted(base, settings):
    """With an adapter that is none of its beginning: what starts as zeros is drawn, and what is copied from the base is changed."""
    model = get_peft_model(base, LoraConfig(**settings))
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if "lora_B" in name:
                parameter.copy_(0.1 * torch.randn(parameter.shape))
            elif "lora_magnitude_vector" in name:
                parameter.mul_(1 + 0.2 * torch.rand(parameter.shape))
            elif "modules_to_save" in name or (name.endswith(".bias") and parameter.requires_grad):
                parameter.add_(0.1 * torch.randn(parameter.shape))
    return model


if __name__ == "__main__":
    main()
