"""
Draws runs at random (a tiny model, rows, training arguments) and has transformers' Trainer, TRL and PEFT carry each of them out.

    python python/random_runs.py --seed 1 --count 20 FOLDER

Each lies in FOLDER/N: `run.tune.yaml` for Tunebook, `case.json` with what was drawn, and `expected.json`: what Trainer logged, which
checkpoints it kept, and as `rounding` how far its losses and gradient norms in float64 are from those; or `refused.txt` where it ended
with an error. Prints a line for each.
"""

import argparse
import copy
import json
import math
import random
import shutil
from pathlib import Path

import datasets
import torch
import transformers
from datasets import Dataset
from peft import LoraConfig, PeftModel, get_peft_model
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    PrinterCallback,
    Trainer,
    TrainingArguments,
)
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

from bench.tasks import tagged
from parity import draw, families, flow

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "editor-commands"
# Task, model and PEFT's task of each format.
SEQUENCES = ("text-classification", AutoModelForSequenceClassification, "SEQ_CLS")
KINDS = {
    **dict.fromkeys(draw.FORMATS, ("text-generation", AutoModelForCausalLM, "CAUSAL_LM")),
    **dict.fromkeys(draw.CLASSIFIED, SEQUENCES),
    "tokens": ("token-classification", AutoModelForTokenClassification, "TOKEN_CLS"),
}
TEMPLATE = (
    "{% for m in messages %}[{{ m['role'] }}] {% if m['role'] == 'assistant' %}{% generation %}{{ m['content'] }}{{ eos_token }}{% endgeneration %}"
    "{% else %}{{ m['content'] }}{{ eos_token }}{% endif %}{% endfor %}"
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    torch.set_num_threads(1)
    for number in range(options.count):
        rng = random.Random(f"{options.seed}-{number}")
        folder = options.folder / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        case = draw.case(rng)
        write(folder / "case.json", case)
        try:
            write(folder / "expected.json", carry_out(case, folder, rng))
        # Whatever it is: what the peers refuse cannot be compared.
        except Exception as error:
            (folder / "refused.txt").write_text(f"{type(error).__name__}: {error}\n")
        print(number, flush=True)


def write(file, value):
    file.write_text(json.dumps(value, indent=1) + "\n")


def carry_out(case, folder, rng):
    rows = {split: [draw.row(rng, case["format"]) for _ in range(case[count])] for split, count in (("train", "rows"), ("validation", "eval_rows"))}
    for split in rows:
        (folder / f"{split}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[split]))
    tokenizer = make_tokenizer(case, folder)
    model = make_model(case, tokenizer, folder, rng.randrange(1000))
    write_config(case, folder, model)
    exact = train(case, copy.deepcopy(model).double(), tokenizer, rows, folder / "exact")
    made = train(case, model, tokenizer, rows, folder / "peer")
    rounding = {key: deviation(made, exact, key) for key in ("loss", "grad_norm")}
    # In float64 some of them (DoRA under a window) give what is no number, of which nothing follows.
    return {**made, "rounding": rounding if all(map(math.isfinite, rounding.values())) else dict.fromkeys(rounding, 0.0)}


def train(case, model, tokenizer, rows, output):
    trainer = make_trainer(case, model, tokenizer, rows, output)
    trainer.pop_callback(PrinterCallback)
    trainer.train()
    return {
        "log_history": trainer.state.log_history,
        "kept": flow.checkpoints(output),
        "global_step": trainer.state.global_step,
        "eval_loss_of_result": float(trainer.evaluate()["eval_loss"]),
    }


def deviation(made, exact, key):
    """The largest relative one over all logs."""
    pairs = zip(made["log_history"], exact["log_history"])
    return max((abs(a[key] - b[key]) / max(1e-3, abs(b[key])) for a, b in pairs if key in a and key in b), default=0.0)


def make_tokenizer(case, folder):
    is_decoder = case["family"] in draw.DECODERS
    tokenizer = AutoTokenizer.from_pretrained(EXAMPLE / ("writer" if is_decoder else "base"))
    if is_decoder:
        tokenizer.chat_template = TEMPLATE
    if "orpo" in case.get("method", {}):
        # ORPOTrainer would put it before prompts, though the tokenizer does not.
        tokenizer.bos_token = None
    tokenizer.save_pretrained(folder / "model")
    if case["format"] == "tokens" and is_decoder:
        # As transformers' example of token classification asks for it; words of ours begin with a space always.
        tokenizer.backend_tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=True)
    return tokenizer


def make_model(case, tokenizer, folder, seed):
    """Saves the model, and an adapter where the run has one, and reads them again as Tunebook will."""
    format = case["format"]
    _, model_class, task_type = KINDS[format]
    model = families.randomise(model_class.from_config(make_config(case, tokenizer)), seed)
    model.save_pretrained(folder / "model")
    model = model_class.from_pretrained(folder / "model", dtype=torch.float32, attn_implementation="eager")
    if model_class is AutoModelForCausalLM and case["family"] == "gpt2":
        # By its class's name Trainer does not know its loss for a causal one, and counts the first token of each row as a target.
        model.loss_type = "ForCausalLM"
    if not case["lora"]:
        return model
    torch.manual_seed(seed)
    model = get_peft_model(model, LoraConfig(**case["lora"], task_type=task_type, fan_in_fan_out=case["family"] == "gpt2"))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(0, 0.05)
    model.save_pretrained(folder / "adapter")
    tokenizer.save_pretrained(folder / "adapter")
    return PeftModel.from_pretrained(model.unload(), folder / "adapter", is_trainable=True)


def make_config(case, tokenizer):
    made = {**families.CONFIGS[case["family"]]().to_dict(), **case["config"]}
    # Follows from the others.
    made.pop("layer_types", None)
    config = families.CONFIGS[case["family"]]().__class__(**made)
    config.vocab_size = len(tokenizer)
    config.bos_token_id, config.eos_token_id = tokenizer.bos_token_id, tokenizer.eos_token_id
    # The padding token is the end of sequence here, whose row of the embedding PyTorch would then not learn.
    config.pad_token_id = tokenizer.pad_token_id if case["format"] in draw.CLASSIFIED else None
    names = {"tokens": draw.TAGS, "classification": draw.LABELS, "multi-label-classification": draw.LABELS}.get(case["format"])
    if names:
        config.id2label = dict(enumerate(names))
        config.label2id = {name: index for index, name in enumerate(names)}
    if case["format"] == "regression":
        config.num_labels = 1
        config.problem_type = "regression"
    if case["format"] == "multi-label-classification":
        config.problem_type = "multi_label_classification"
    # Classifiers of tokens drop a tenth where nothing is said.
    config.classifier_dropout = 0.0
    config._attn_implementation = "eager"
    return config


def write_config(case, folder, model):
    dataset = {"dataset": "rows", "files": {"train": "train.jsonl", "validation": "validation.jsonl"}, "format": case["format"]}
    if case["format"] in ("classification", "multi-label-classification"):
        dataset["labels"] = draw.LABELS
    if case["format"] == "tokens":
        dataset["labels"] = draw.TAGS
    run = {
        "run": "random",
        "model": {"base": "adapter" if case["lora"] else "model", "task": KINDS[case["format"]][0]},
        "data": {"train": "rows.train", "eval": "rows.validation", **case["data"]},
        "method": {"lora": case["lora"]} if case["lora"] else {"full": {}},
        "train": case["train"],
        "target": {"local": {"device": "cpu", "threads": 1}},
    }
    run["method"].update(case.get("method", {}))
    (folder / "run.tune.yaml").write_text(f"{json.dumps(dataset, indent=1)}\n---\n{json.dumps(run, indent=1)}\n")


def make_trainer(case, model, tokenizer, rows, output):
    format = case["format"]
    settings = {**case["train"], **evaluation_batch(case), "output_dir": str(output), "report_to": [], "disable_tqdm": True, "use_cpu": True}
    patience = settings.pop("early_stopping_patience", None)
    callbacks = []
    if patience is not None:
        settings["metric_for_best_model"] = "loss"
        callbacks = [EarlyStoppingCallback(early_stopping_patience=patience)]
    if format in draw.CLASSIFIED:
        made = {split: [example(row, format, tokenizer, model.config, case["data"]["max_length"]) for row in rows[split]] for split in rows}
        collator = DataCollatorForTokenClassification if format == "tokens" else DataCollatorWithPadding
        return Trainer(
            model=model,
            args=TrainingArguments(**settings, label_names=["labels"]),
            train_dataset=made["train"],
            eval_dataset=made["validation"],
            data_collator=collator(tokenizer),
            compute_loss_func=divided_loss(format, settings) if settings["gradient_accumulation_steps"] > 1 else None,
            callbacks=callbacks,
        )
    settings["bf16"] = False
    if "orpo" in case.get("method", {}):
        kind, args = ORPOTrainer, ORPOConfig(**settings, **case["data"], **case["method"]["orpo"])
    elif format == "preference":
        kind, args = DPOTrainer, DPOConfig(**settings, **case["data"], **case["method"]["dpo"])
    else:
        kind, args = SFTTrainer, SFTConfig(**settings, **case["data"])
    return kind(
        model=model,
        args=args,
        train_dataset=Dataset.from_list(rows["train"]),
        eval_dataset=Dataset.from_list(rows["validation"]),
        processing_class=tokenizer,
        callbacks=callbacks,
    )


def evaluation_batch(case):
    """
    Of several batches Trainer averages the means, which is not the mean over all tokens or pairs; and with `dataloader_drop_last` it
    leaves rows out of evaluations too.
    """
    if case["train"]["dataloader_drop_last"]:
        return {"per_device_eval_batch_size": 1 if case["format"] in draw.CLASSIFIED[:3] else case["eval_rows"]}
    return {} if case["format"] in draw.CLASSIFIED[:3] else {"per_device_eval_batch_size": 1000}


def example(row, format, tokenizer, config, max_length):
    limit = {"truncation": True, "max_length": max_length}
    if format == "tokens":
        return tagged(row, tokenizer, config, limit)
    label = row.get("label")
    if format == "classification":
        label = draw.LABELS.index(label)
    if format == "multi-label-classification":
        label = [float(name in row["labels"]) for name in draw.LABELS]
    return {"input_ids": tokenizer(row["text"], **limit)["input_ids"], "labels": label}


def divided_loss(format, settings):
    """The loss over all targets of a step. Of itself Trainer adds up the means of its batches."""

    def loss(outputs, labels, num_items_in_batch=None):
        logits = outputs.logits
        if format == "regression":
            losses = (logits.squeeze(-1) - labels) ** 2
        elif format == "multi-label-classification":
            losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
        else:
            smoothing = settings["label_smoothing_factor"]
            losses = torch.nn.functional.cross_entropy(logits.flatten(0, -2), labels.flatten(), reduction="none", label_smoothing=smoothing)
        return losses.sum() / ((labels != -100).sum() if num_items_in_batch is None else num_items_in_batch)

    return loss


if __name__ == "__main__":
    main()
