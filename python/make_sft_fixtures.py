"""
Makes test/fixtures/sft: what TRL's SFTTrainer makes of the model and tokenizer of test/fixtures/dpo, over texts, prompts with
completions and conversations.

    python python/make_sft_fixtures.py [FOLDER]

Every number comes from trl.SFTTrainer (over transformers' Trainer and PEFT) itself, in float32 on one CPU thread, from JSON Lines that
Tunebook reads too. Some runs are stopped at a checkpoint, and a new trainer goes on from there (`resume_from_checkpoint`).

TRL asks for flash attention where it packs, to keep the sequences of a row apart. A CPU has none, and none is needed: packed rows of
`bfd` come without attention mask (TRL's `padding_free` collator), and from positions that begin anew transformers makes a block-diagonal
mask for eager attention (`packed_sequence_mask_function`). `check_apart` holds that against each sequence on its own, and fails where it
is not so. Rows of `wrapped` are not kept apart by anyone: a row is one text.
"""

import json
import random
import shutil
import tempfile
from pathlib import Path

import datasets
import torch
from datasets import Dataset
from peft import LoraConfig
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast, PrinterCallback, TrainerCallback
from trl import SFTConfig, SFTTrainer

from make_dpo_fixtures import ARGUMENTS, LORA, TEMPLATE, UNDISTURBED, load, say, text_pairs, versions
from make_parity_fixtures import tidy_adapter, write
from parity import causal
from parity.script import FIXTURES, begin

BASE = FIXTURES / "dpo" / "base"
COMMON = {**ARGUMENTS, "max_steps": 50, "max_length": 24}
ADAPTED = {"learning_rate": 1e-2}
# No prompt fills so many tokens, of which TRL would keep a row without a target; some completions are cut.
PACKED = {"packing": True, "packing_strategy": "bfd", "max_length": 34, "per_device_train_batch_size": 2}
ROOMY = {"max_length": 60, "per_device_train_batch_size": 1}
WRAPPED = {"packing": True, "packing_strategy": "wrapped", "max_length": 20}
# The template of the tokenizer with a mark around what the assistant says, its end of sequence too.
MARKED = TEMPLATE.replace(
    "{{ m['content'] }}[SEP]",
    "{% if m['role'] == 'assistant' %}{% generation %}{{ m['content'] }}[SEP]{% endgeneration %}{% else %}{{ m['content'] }}[SEP]{% endif %}",
)

CASES = {
    "text": ("text", {}),
    "completion": ("prompts", {}),
    "completion_lora": ("prompts", ADAPTED),
    "whole": ("prompts", {"completion_only_loss": False}),
    "accumulation": ("prompts", {"gradient_accumulation_steps": 3}),
    "chat": ("chat", {}),
    "assistant": ("chat", {"assistant_only_loss": True}),
    "assistant_lora": ("chat", {"assistant_only_loss": True, "gradient_accumulation_steps": 3, **ADAPTED}),
    "packed": ("prompts", PACKED),
    "packed_lora": ("prompts", {**PACKED, **ADAPTED}),
    "packed_accumulation": ("chat", {**PACKED, **ROOMY, "assistant_only_loss": True, "gradient_accumulation_steps": 2}),
    "wrapped": ("text", WRAPPED),
    "wrapped_lora": ("text", {**WRAPPED, **ADAPTED}),
}
# At which step a case is stopped once more and resumed. Seven batches are an epoch, under accumulation three steps: each is stopped within one.
STOPS = {"completion": 20, "completion_lora": 17, "accumulation": 22}


def main():
    folder = begin(__doc__, "sft")
    datasets.disable_progress_bars()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "template.jinja").write_text(MARKED)
    data = {"text": texts(26), "prompts": prompts(26), "chat": chats(18)}
    for name, rows in data.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for name, (rows, more) in CASES.items():
        arguments = {**COMMON, **more}
        head = {"made_by": versions(), "rows": rows, "arguments": arguments}
        made = train(folder, name, data[rows], arguments)
        write(folder / f"{name}.json", {**head, **made})
        print(name, made["loss"][0], made["loss"][-1])
        if name in STOPS:
            resumed = train(folder, name, data[rows], arguments, STOPS[name])
            assert resumed["loss"] == made["loss"], f"{name}: Trainer goes on otherwise than it would have gone"
            write(folder / f"resumed_{name}.json", {**head, "stopped_at": STOPS[name], **resumed})


def texts(count):
    rng = random.Random(31)
    return [{"text": say(rng, 1, 28)} for _ in range(count)]


def prompts(count):
    rows = [{"prompt": row["prompt"], "completion": row["chosen"]} for row in text_pairs(count, seed=32)]
    # A completion that says itself where it ends gets no second end.
    rows[2]["completion"] += " [SEP]"
    return rows


def chats(count):
    rng = random.Random(33)
    rows = []
    for _ in range(count):
        turns = [{"role": "system", "content": say(rng, 1, 3)}] if rng.random() < 0.3 else []
        for _ in range(rng.randint(1, 3)):
            turns += [{"role": "user", "content": say(rng, 1, 4)}, {"role": "assistant", "content": say(rng, 1, 4)}]
        rows.append({"messages": turns})
    return rows


class StopAt(TrainerCallback):
    def __init__(self, step):
        self.step = step

    def on_step_end(self, args, state, control, **kwargs):
        control.should_training_stop = state.global_step == self.step


def train(folder, name, rows, arguments, stopped=None):
    with tempfile.TemporaryDirectory() as output:
        if stopped:
            saved = {**arguments, "save_strategy": "steps", "save_steps": stopped}
            make_trainer(folder, name, rows, saved, output, [StopAt(stopped)]).train()
        trainer = make_trainer(folder, name, rows, arguments, output)
        if trainer.padding_free:
            check_apart(trainer)
        trainer.train(resume_from_checkpoint=str(Path(output) / f"checkpoint-{stopped}") if stopped else None)
        log = [entry for entry in trainer.state.log_history if "loss" in entry]
        evaluation = trainer.evaluate()
    return {
        **{key: [float(entry[key]) for entry in log] for key in ("loss", "grad_norm", "learning_rate")},
        "eval": {key: float(evaluation[key]) for key in ("eval_loss", "eval_mean_token_accuracy")},
        **causal.after(trainer.model, [first_sequence(row) for row in trainer.train_dataset]),
    }


def make_trainer(folder, name, rows, arguments, output, callbacks=()):
    lora = "lora" in name
    tokenizer = PreTrainedTokenizerFast.from_pretrained(BASE)
    tokenizer.chat_template = MARKED
    trainer = SFTTrainer(
        model=load("dpo/base"),
        args=SFTConfig(output_dir=output, **{**UNDISTURBED, **arguments}),
        train_dataset=Dataset.from_list(rows),
        eval_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        peft_config=LoraConfig(**LORA) if lora else None,
        callbacks=list(callbacks),
    )
    trainer.pop_callback(PrinterCallback)
    # Every adapter is drawn alike, so that one of them stands for all.
    if lora and not (folder / "lora").exists():
        trainer.model.save_pretrained(folder / "lora")
        tidy_adapter(folder / "lora")
    if lora:
        check_adapter(trainer.model, folder / "lora")
    return trainer


def check_adapter(model, folder):
    own = model.state_dict()
    for key, value in load_file(folder / "adapter_model.safetensors").items():
        assert torch.equal(value, own[key.replace(".weight", ".default.weight")]), f"another adapter was drawn: {key}"


def check_apart(trainer):
    """Every packed sequence has the logits that it has on its own, and would not have them without its positions."""
    differences = []
    for batch in trainer.get_train_dataloader():
        ids, starts = batch["input_ids"], batch["cu_seq_lens_q"].tolist()
        packed = causal.logits(trainer.model, input_ids=ids, position_ids=batch["position_ids"])[0]
        for start, end in zip(starts, starts[1:]):
            alone = causal.logits(trainer.model, input_ids=ids[:, start:end])[0]
            assert (packed[start:end] - alone).abs().max() < 1e-5, "packed sequences see each other"
        differences.append((packed - causal.logits(trainer.model, input_ids=ids)[0]).abs().max())
    assert max(differences) > 0.1, "sequences that do see each other look the same"


def first_sequence(row):
    return row["input_ids"][: row["seq_lengths"][0]] if "seq_lengths" in row else row["input_ids"]


if __name__ == "__main__":
    main()
