"""
Saves models and adapters the way their users do, with save_pretrained of transformers and PEFT, and prints the logits
that they give, so that Tunebook's own loaders can be held against them.

    echo '{"input_ids": [[2, 7, 3]]}' | python python/save_with_peft.py CLASSIFIER MASKED FOLDER

Writes FOLDER/<name> for each. Standard output: {name: logits}, one list a row; of a masked language model one a token.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForMaskedLM, AutoModelForSequenceClassification, BertForSequenceClassification

from verify_output import logits

LABELS = 5

ADAPTERS = {
    "an adapter of query and value": {"r": 4, "lora_alpha": 8, "target_modules": ["query", "value"]},
    "an adapter of every layer, rsLoRA": {"r": 3, "lora_alpha": 5, "target_modules": "all-linear", "use_rslora": True},
    "an adapter with its own pooler": {"r": 2, "target_modules": ["dense"], "modules_to_save": ["pooler"]},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("classifier", "masked", "folder"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    rows = json.load(sys.stdin)["input_ids"]
    torch.manual_seed(5)

    made = {}

    def keep(name, model):
        model.save_pretrained(options.folder / name)
        made[name] = logits(model, rows)

    for name, settings in ADAPTERS.items():
        base = AutoModelForSequenceClassification.from_pretrained(options.classifier)
        adapted = get_peft_model(base, LoraConfig(task_type="SEQ_CLS", **settings))
        randomise(adapted, "lora_B")
        keep(name, adapted)
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
    json.dump(made, sys.stdout)


def randomise(model, part):
    """Draws parameters that start as zeros: with them an adapter would give what its base gives."""
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if part in name:
                parameter.copy_(0.1 * torch.randn(parameter.shape))


if __name__ == "__main__":
    main()
