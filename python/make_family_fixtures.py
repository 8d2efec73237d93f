"""
Makes test/fixtures/families: a tiny random model of each family and head, and what Hugging Face's Trainer made of it.

    python python/make_family_fixtures.py [FOLDER]

Every number comes from transformers.Trainer (and PEFT) itself, in float32 on one CPU thread.
"""

import copy
import random
import shutil

import peft
import torch
import transformers

import make_parity_fixtures
from make_parity_fixtures import ARGUMENTS, tidy_adapter, write
from parity import families, reference
from parity.rows import IGNORED, LABELS, labelled_rows, masked_rows, target_rows
from parity.script import begin

CASES = [
    ("bert", "tokens"),
    ("distilbert", "masked"),
    ("distilbert", "sequence"),
    ("distilbert", "tokens"),
    ("roberta", "masked"),
    ("roberta", "sequence"),
    ("roberta", "tokens"),
    ("gpt2", "causal"),
    ("gpt2", "sequence"),
    ("gpt2", "tokens"),
    ("llama", "causal"),
    ("llama", "sequence"),
    ("llama", "tokens"),
    ("llama3", "causal"),
    ("mistral", "causal"),
    ("qwen2", "causal"),
    ("qwen2-window", "causal"),
    ("qwen3", "causal"),
    ("bert", "multi-label"),
    ("bert", "regression"),
    ("llama", "multi-label"),
    ("gpt2", "regression"),
    ("bert", "masked"),
    *[(family, head) for family in ("distilbert", "roberta") for head in ("multi-label", "regression")],
    ("gpt2", "multi-label"),
    ("llama", "regression"),
    *[("llama3", head) for head in ("sequence", "tokens")],
    *[(family, head) for family in ("mistral", "qwen2", "qwen3") for head in ("sequence", "tokens", "multi-label", "regression")],
    *[(family, head) for family in ("gemma", "gemma2") for head in ("causal", "sequence", "tokens", "multi-label")],
    *[("gemma3", head) for head in ("causal", "sequence", "multi-label")],
    ("gemma3-capped", "causal"),
]
CLASSIFIERS = ("sequence", "multi-label", "regression")

# What PEFT adapts in each family when it is not told.
TARGETS = {"gpt2": ["c_attn"], "distilbert": ["q_lin", "v_lin"], "bert": ["query", "value"], "roberta": ["query", "value"]}
TASK_TYPES = {"causal": "CAUSAL_LM", "tokens": "TOKEN_CLS", "masked": None, **dict.fromkeys(CLASSIFIERS, "SEQ_CLS")}


def main():
    folder = begin(__doc__, "families")
    for seed, (family, head) in enumerate(CASES):
        make_case(folder / f"{family}-{head}", family, head, seed)
        print(f"{family}-{head}")


def make_case(folder, family, head, seed):
    model = families.make(family, head, seed)
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    rows = rows_for(head)
    case = {
        "made_by": {"transformers": transformers.__version__, "peft": peft.__version__, "torch": torch.__version__.split("+")[0]},
        "head": head,
        "arguments": ARGUMENTS,
        "input_ids": [row["input_ids"] for row in rows],
        "labels": [row["label" if head in CLASSIFIERS else "labels"] for row in rows],
        "logits": first_logits(model, rows, head),
        "full": train(model, rows, head),
    }
    adapted = add_adapter(model, family, head)
    adapted.save_pretrained(folder / "lora")
    tidy_adapter(folder / "lora")
    case["lora"] = train(adapted, rows, head)
    write(folder / "case.json", case)


def rows_for(head):
    """36 rows of 3 to 24 tokens that repeat: five batches an epoch, the last of four rows."""
    if head == "sequence":
        return labelled_rows(36)
    if head in CLASSIFIERS:
        return target_rows(36, head)
    if head == "masked":
        return masked_rows(36)
    rng = random.Random(7)
    rows = labelled_rows(36)
    if head == "causal":
        return [{"input_ids": row["input_ids"], "labels": row["input_ids"]} for row in rows]

    def tags(ids):
        """A label for most words, none for the special tokens and for what stands for a later part of a word."""
        return [IGNORED if i in (0, len(ids) - 1) or rng.random() < 0.2 else word % len(LABELS) for i, word in enumerate(ids)]

    tagged = [{"input_ids": row["input_ids"], "labels": tags(row["input_ids"])} for row in rows]
    return [row for row in tagged if any(label != IGNORED for label in row["labels"])]


def train(model, rows, head):
    if head == "causal":
        # By its class's name Trainer does not know GPT-2's loss for a causal one, and counts the first token of each row as a target.
        model = copy.deepcopy(model)
        (model.base_model.model if hasattr(model, "peft_config") else model).loss_type = "ForCausalLM"
    trained, steps = reference.train(model, rows, **ARGUMENTS)
    return {"loss": steps["loss"], "grad_norm": steps["grad_norm"], "logits_after": first_logits(trained, rows, head)}


def first_logits(model, rows, head):
    """Of the first three rows: one list a row, or one a target."""
    model.eval()
    result = []
    for row in rows[:3]:
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([row["input_ids"]])).logits[0].double()
        if head == "causal":
            logits = logits[:-1]
        elif head in ("masked", "tokens"):
            logits = logits[torch.tensor(row["labels"]) != IGNORED]
        result += logits.tolist() if logits.dim() == 2 else [logits.tolist()]
    return result


def add_adapter(model, family, head):
    """
    What PEFT adapts in the family when it is not told, and under a head that fills masks all that `all-linear` means: layers of
    the head too, but not its last one, which is the table of words.
    """
    return make_parity_fixtures.add_adapter(
        model,
        {
            "r": 4,
            "lora_alpha": 8,
            "lora_dropout": 0.0,
            "target_modules": "all-linear" if head == "masked" else TARGETS.get(family, ["q_proj", "v_proj"]),
            "task_type": TASK_TYPES[head],
            "fan_in_fan_out": family == "gpt2",
        },
    )


if __name__ == "__main__":
    main()
