"""
Makes test/fixtures/orpo: what TRL's ORPOTrainer makes of the model and the pairs of answers of test/fixtures/dpo.

    python python/make_orpo_fixtures.py [FOLDER]

Every number comes from trl.experimental.orpo.ORPOTrainer (over transformers and PEFT) itself, in float32 on one CPU thread.
"""

import json
import shutil
import tempfile

from datasets import Dataset
from peft import LoraConfig
from transformers import PreTrainedTokenizerFast, PrinterCallback
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

from make_dpo_fixtures import ARGUMENTS, LORA, TEMPLATE, UNDISTURBED, load, versions
from make_parity_fixtures import tidy_adapter, write
from parity import causal
from parity.script import FIXTURES, begin

PAIRS = FIXTURES / "dpo"
METRICS = [
    "rewards/chosen",
    "rewards/rejected",
    "rewards/accuracies",
    "rewards/margins",
    "logps/chosen",
    "logps/rejected",
    "nll_loss",
    "log_odds_ratio",
    "log_odds_chosen",
]
# The cases of which the trained model's logits are kept.
WITH_LOGITS = ("full", "lora", "qwen3")

# TRL puts the beginning-of-sequence token before conversations whose template does not.
BEGINNING = "[CLS]" + TEMPLATE


def main():
    folder = begin(__doc__, "orpo")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "template.jinja").write_text(BEGINNING)
    for name, rows, lora, more in (
        ("full", "text", None, {}),
        ("lora", "text", LORA, {"learning_rate": 1e-2}),
        ("chat", "chat", None, {"beta": 0.5}),
        ("accumulation", "chat", None, {"gradient_accumulation_steps": 2}),
        # No prompt fills so many tokens, of which TRL would keep pairs without answers; some answers are cut.
        ("cut", "text", None, {"max_length": 34}),
        ("qwen3", "text", None, {}),
    ):
        arguments = {**ARGUMENTS, "max_steps": 50, "max_length": 48, **more}
        model = load("families/qwen3-causal" if name == "qwen3" else "dpo/base")
        made = run(folder, model, rows, lora, arguments)
        kept = made if name in WITH_LOGITS else {key: value for key, value in made.items() if key not in ("input_ids", "logits_after")}
        write(folder / f"{name}.json", {"made_by": versions(), "rows": rows, "arguments": arguments, **kept})
        print(name)


def read(name):
    return Dataset.from_list([json.loads(line) for line in (PAIRS / f"{name}.jsonl").read_text().splitlines()])


def run(folder, model, rows, lora, arguments):
    tokenizer = PreTrainedTokenizerFast.from_pretrained(PAIRS / "base")
    tokenizer.chat_template = BEGINNING
    with tempfile.TemporaryDirectory() as output:
        trainer = ORPOTrainer(
            model=model,
            args=ORPOConfig(output_dir=output, **UNDISTURBED, **arguments),
            train_dataset=read(rows),
            eval_dataset=read("eval"),
            processing_class=tokenizer,
            peft_config=LoraConfig(**lora) if lora else None,
        )
        trainer.pop_callback(PrinterCallback)
        if lora:
            trainer.model.save_pretrained(folder / "lora")
            tidy_adapter(folder / "lora")
        trainer.train()
        log = [entry for entry in trainer.state.log_history if "loss" in entry]
        evaluation = trainer.evaluate()
    return {
        **causal.after(trainer.model, [row["chosen_input_ids"] for row in trainer.train_dataset]),
        **{key: [float(entry[key]) for entry in log] for key in ("loss", "grad_norm", "learning_rate", *METRICS)},
        "eval": {key: float(evaluation[key]) for key in ("eval_loss", *(f"eval_{metric}" for metric in METRICS))},
    }


if __name__ == "__main__":
    main()
