"""
Makes test/fixtures/parity: tiny random models, their data, and what Hugging Face's Trainer made of them.

    python python/make_parity_fixtures.py [FOLDER]

Every number comes from transformers.Trainer (and PEFT) itself, in float32 on one CPU thread. Beside each case stands
how far the same training in float64 and with the fused AdamW lies from it: what rounding alone does to the numbers.
"""

import copy
import json
import shutil

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model

from parity import flow, reference, tiny_bert
from parity.rows import LABELS, labelled_rows, masked_rows
from parity.script import begin

# Everything but what a case changes; `max_grad_norm` lies so that some steps are clipped and some are not. `optim: adamw_torch` on a CPU is the single-tensor loop (neither foreach nor fused).
ARGUMENTS = {
    "max_steps": 50,
    "per_device_train_batch_size": 8,
    "learning_rate": 1e-3,
    "lr_scheduler_type": "linear",
    "warmup_steps": 10,
    "weight_decay": 0.01,
    "max_grad_norm": 2.0,
    "optim": "adamw_torch",
}

# Steps an epoch: 10, and under accumulation 3, the last of them short. Small rates make the best evaluation a late one, large ones an early one.
FLOWS = {
    "by_epoch": {"num_train_epochs": 2, "gradient_accumulation_steps": 4, "eval_strategy": "epoch", "save_strategy": "epoch", "load_best_model_at_end": True},
    "by_epoch_ends_within_one": {"max_steps": 7, "gradient_accumulation_steps": 4, "eval_strategy": "epoch", "save_strategy": "epoch", "logging_steps": 2},
    "by_epoch_and_a_half": {"num_train_epochs": 1.5, "eval_strategy": "epoch", "save_strategy": "epoch", "logging_steps": 4},
    "by_steps": {"max_steps": 13, "eval_strategy": "steps", "eval_steps": 4, "save_strategy": "steps", "save_steps": 4, "save_total_limit": 2},
    "best_kept_under_a_limit": {"max_steps": 24, "learning_rate": 0.05, "eval_strategy": "steps", "eval_steps": 3, "save_strategy": "steps", "save_steps": 3, "save_total_limit": 2, "load_best_model_at_end": True},
    "best_kept_under_a_limit_of_one": {"max_steps": 24, "learning_rate": 0.05, "eval_strategy": "steps", "eval_steps": 3, "save_strategy": "steps", "save_steps": 3, "save_total_limit": 1, "load_best_model_at_end": True},
    "newest_kept_without_a_best": {"max_steps": 9, "learning_rate": 0.05, "eval_strategy": "steps", "eval_steps": 3, "save_strategy": "steps", "save_steps": 3, "save_total_limit": 1},
    "fractions": {"num_train_epochs": 3, "eval_strategy": "steps", "eval_steps": 0.25, "save_strategy": "steps", "save_steps": 0.4, "logging_steps": 0.1},
    "saved_when_best": {"max_steps": 24, "learning_rate": 0.05, "eval_strategy": "steps", "eval_steps": 3, "save_strategy": "best", "metric_for_best_model": "accuracy", "load_best_model_at_end": True},
    "last_batch_dropped": {"num_train_epochs": 2, "dataloader_drop_last": True, "eval_strategy": "epoch", "save_strategy": "no"},
    "smoothed": {"max_steps": 5, "label_smoothing_factor": 0.1, "eval_strategy": "steps", "eval_steps": 2, "save_strategy": "no"},
    # At this rate no evaluation is as good as the one before the first step, which is not the best all the same.
    "evaluated_on_start": {"max_steps": 6, "learning_rate": 0.05, "lr_scheduler_type": "constant", "eval_on_start": True, "eval_strategy": "steps", "eval_steps": 3, "save_strategy": "steps", "save_steps": 3, "load_best_model_at_end": True},
}

LORA = {"r": 4, "lora_alpha": 8, "lora_dropout": 0.0, "target_modules": ["query", "value"], "task_type": "SEQ_CLS"}
ALL_LINEAR = {**LORA, "r": 2, "lora_alpha": 3, "target_modules": "all-linear", "use_rslora": True}


def main():
    folder = begin(__doc__, "parity")

    make_classifier(folder / "bert-classifier")
    make_masked_lm(folder / "bert-mlm")


def make_classifier(folder):
    # 76 rows: ten batches, the last of four rows, so that the last accumulation window is short and uneven.
    rows = labelled_rows(76)
    base = tiny_bert.classifier()
    save_model(folder, base)
    tiny_bert.save_rows_as_csv(folder / "train.csv", rows, tiny_bert.save_tokenizer(folder))
    write(folder / "data.json", {"input_ids": [r["input_ids"] for r in rows], "labels": [r["label"] for r in rows], "label_names": LABELS})

    def case(name, model, method, **more):
        write(folder / f"trainer_{name}.json", run_case(model, rows, method, **more))

    # Evaluated on other rows than trained on, 29 of them: no multiple of a batch.
    tested = labelled_rows(29, seed=13)
    tiny_bert.save_rows_as_csv(folder / "test.csv", tested, tiny_bert.save_tokenizer(folder))
    common = {"per_device_train_batch_size": 8, "learning_rate": 1e-3, "logging_steps": 1}
    flows = {}
    for name, arguments in FLOWS.items():
        divided = reference.divided_loss if "gradient_accumulation_steps" in arguments else None
        flows[name] = flow.run(base, rows, tested, compute_loss_func=divided, **{**common, **arguments})
    write(folder / "flows.json", flows)

    case("full", base, {"full": {}})
    case("cosine", base, {"full": {}}, lr_scheduler_type="cosine")
    case("label_smoothing", base, {"full": {}}, label_smoothing_factor=0.1)
    case("accumulation", base, {"full": {}}, gradient_accumulation_steps=4, compute_loss_func=reference.divided_loss)
    # What Trainer does on its own: kept to show the difference, not to be equalled.
    case("accumulation_undivided", base, {"full": {}}, gradient_accumulation_steps=4)

    # Rows of the embedding that a step does not use have a second moment too: the mean over all of them is in every factor.
    case("adafactor", base, {"full": {}}, optim="adafactor")

    for hidden_act in ("gelu_new", "relu", "silu"):
        model = tiny_bert.with_activation(base, hidden_act)
        case(hidden_act, model, {"full": {}}, config={"hidden_act": hidden_act})

    for name, lora, more in (("lora", LORA, {}), ("lora_bias", {**LORA, "bias": "all"}, {}), ("lora_all_linear", ALL_LINEAR, {}), ("lora_adafactor", LORA, {"optim": "adafactor"})):
        adapted = add_adapter(base, lora)
        adapted.save_pretrained(folder / name)
        tidy_adapter(folder / name)
        shown = {key: value for key, value in lora.items() if key != "task_type"}
        case(name, adapted, {"lora": shown}, learning_rate=5e-3, max_grad_norm=1.0, **more)


def make_masked_lm(folder):
    rows = masked_rows(160)
    base = tiny_bert.masked_lm()
    save_model(folder, base)
    tiny_bert.save_tokenizer(folder)
    write(folder / "data.json", {"input_ids": [r["input_ids"] for r in rows], "labels": [r["labels"] for r in rows]})
    write(folder / "trainer_full.json", run_case(base, rows, {"full": {}}, max_grad_norm=4.0))


def add_adapter(base, lora):
    """PEFT's adapter over a copy of `base`, with lora_B drawn too: zeros would hide half of the gradients."""
    torch.manual_seed(3)
    adapted = get_peft_model(copy.deepcopy(base), LoraConfig(**lora))
    generator = torch.Generator().manual_seed(4)
    with torch.no_grad():
        for name, parameter in sorted(adapted.named_parameters()):
            if "lora_B" in name:
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=generator))
    return adapted


def run_case(model, rows, method, compute_loss_func=None, config=None, **more):
    """
    Trains in float32, and for the noise floor in float64 and with the fused optimizer. `config` says what of the
    model's config.json is otherwise in this case.
    """
    arguments = {**ARGUMENTS, **more}
    trained, steps = reference.train(model, rows, compute_loss_func=compute_loss_func, **arguments)
    exact_model, exact = reference.train(to_double(model), rows, compute_loss_func=compute_loss_func, **arguments)
    others = {"float64": exact}
    if arguments["optim"] == "adamw_torch":
        _, others["fused"] = reference.train(model, rows, compute_loss_func=compute_loss_func, **{**arguments, "optim": "adamw_torch_fused"})
    made = {
        "made_by": {"transformers": transformers.__version__, "peft": peft.__version__, "torch": torch.__version__.split("+")[0]},
        "method": method,
        "arguments": arguments,
        **({"config": config} if config else {}),
        "divided_by_targets": compute_loss_func is not None,
        "clipped_steps": sum(norm > arguments["max_grad_norm"] for norm in steps["grad_norm"]),
        "noise": {
            name: {key: reference.deviation(steps[key], other[key]) for key in ("loss", "grad_norm")} for name, other in others.items()
        },
        **steps,
    }
    made["logits_before"] = reference.logits(model, rows[:8])
    made["logits_after"] = reference.logits(trained, rows[:8])
    exact_logits = reference.logits(exact_model, rows[:8])
    made["noise"]["float64"]["logits"] = max(
        abs(a - b) for one, two in zip(made["logits_after"], exact_logits) for a, b in zip(one, two)
    )
    return made


def to_double(model):
    return copy.deepcopy(model).double()


def save_model(folder, model):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model.save_pretrained(folder)


def tidy_adapter(folder):
    """PEFT writes a model card that says nothing here, and its set of target modules in a different order each time."""
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    settings = json.loads(path.read_text())
    if isinstance(settings["target_modules"], list):
        settings["target_modules"].sort()
    path.write_text(json.dumps(settings, indent=2) + "\n")


def write(path, value):
    """JSON with one key a line; floats at nine significant digits, which is all a float32 has."""

    def tidy(item):
        if isinstance(item, float):
            return float(f"{item:.9g}")
        if isinstance(item, dict):
            return {key: tidy(inner) for key, inner in item.items()}
        return [tidy(inner) for inner in item] if isinstance(item, (list, tuple)) else item

    lines = [f" {json.dumps(key)}: {json.dumps(tidy(inner))}" for key, inner in value.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
