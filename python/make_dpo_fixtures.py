"""
Makes test/fixtures/dpo: a tiny random Llama with a tokenizer and pairs of answers, and what TRL's DPOTrainer made of them.

    python python/make_dpo_fixtures.py [FOLDER]

Every number comes from trl.DPOTrainer (over transformers and PEFT) itself, in float32 on one CPU thread, from JSON Lines that
Tunebook reads too: tokens, masks, losses, gradient norms, rewards and log-probabilities.
"""

import copy
import json
import random
import shutil
import tempfile

import peft
import torch
import transformers
import trl
from datasets import Dataset
from peft import LoraConfig, PeftModel
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast, PrinterCallback
from trl import DPOConfig, DPOTrainer

from make_parity_fixtures import tidy_adapter, write
from parity import causal, families
from parity.rows import vocabulary, words
from parity.script import FIXTURES, begin

ARGUMENTS = {
    "per_device_train_batch_size": 4,
    "per_device_eval_batch_size": 64,
    "learning_rate": 2e-3,
    "lr_scheduler_type": "linear",
    "warmup_steps": 5,
    "weight_decay": 0.01,
    "max_grad_norm": 2.0,
    "optim": "adamw_torch",
    "max_length": 24,
}
# Rows in their order, a log of every step, and nothing but numbers.
UNDISTURBED = {
    "train_sampling_strategy": "sequential",
    "logging_steps": 1,
    "save_strategy": "no",
    "report_to": [],
    "disable_tqdm": True,
    "use_cpu": True,
    "bf16": False,
    "gradient_checkpointing": False,
    "seed": 17,
}
LORA = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM"}
# These reach zero or nearly at the usual 2e-3, where rounding is all that is left of a loss: of `ipo` TRL in float32 and in float64 differ by 7e-4 then.
GENTLE = {"learning_rate": 5e-4}
OTHER_LOSSES = {
    "hinge": GENTLE,
    "ipo": GENTLE,
    "robust": {"label_smoothing": 0.1, **GENTLE},
    "sigmoid_norm": {},
    "apo_zero": {},
    "apo_down": {},
    "sppo_hard": GENTLE,
    "nca_pair": {},
}
TEMPLATE = "{% for m in messages %}{{ m['role'][:2] | replace('us', 'ba') | replace('as', 'be') | replace('sy', 'bo') }} {{ m['content'] }}[SEP]{% endfor %}{% if add_generation_prompt %}be {% endif %}"
METRICS = ["rewards/chosen", "rewards/rejected", "rewards/accuracies", "rewards/margins", "logps/chosen", "logps/rejected", "logits/chosen", "logits/rejected"]
# The cases of which the trained model's logits are kept.
WITH_LOGITS = ("full", "lora", "gpt2_lora")


def main():
    folder = begin(__doc__, "dpo")

    shutil.rmtree(folder, ignore_errors=True)
    base = families.make("llama", "causal", 21)
    base.save_pretrained(folder / "base")
    (folder / "base" / "generation_config.json").unlink(missing_ok=True)
    tokenizer = make_tokenizer()
    tokenizer.save_pretrained(folder / "base")
    data = {"text": text_pairs(26), "chat": chat_pairs(16), "eval": text_pairs(11, seed=8)}
    for name, rows in data.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def case(name, rows="text", model=base, lora=None, **more):
        arguments = {**ARGUMENTS, "max_steps": 50, **more}
        made = run(folder, name, model, data[rows], data["eval"], tokenizer, lora, arguments)
        write(folder / f"{name}.json", {"made_by": versions(), "rows": rows, "arguments": arguments, **made})
        print(name, made["loss"][0], made["loss"][-1])

    case("full")
    case("lora", lora=LORA, learning_rate=1e-2)
    case("chat", rows="chat")
    case("accumulation", rows="chat", gradient_accumulation_steps=3)
    case("precomputed", precompute_ref_log_probs=True)
    for loss, more in OTHER_LOSSES.items():
        case(loss, loss_type=[loss], **more)
    case("gpt2_lora", model=load("families/gpt2-causal"), lora={**LORA, "target_modules": ["c_attn"], "fan_in_fan_out": True}, learning_rate=1e-2)
    # An adapter that has been trained before: TRL goes on with it, and its start is the reference.
    case("continued", model=trained_adapter(folder, base), learning_rate=1e-2, max_steps=20)


def load(name):
    """
    A causal model of test/fixtures: what a run begins with, where its script did not make it. The vocabulary of `families` is that of the
    tokenizer.
    """
    model = AutoModelForCausalLM.from_pretrained(FIXTURES / name, attn_implementation="eager", dtype=torch.float32)
    # PEFT writes down where its base lies, which is another place on every machine.
    model.name_or_path = name
    return model


def versions():
    return {"trl": trl.__version__, "transformers": transformers.__version__, "peft": peft.__version__, "torch": torch.__version__.split("+")[0]}


def make_tokenizer():
    """Words of two letters, [CLS] before a text and [SEP] as the end of a sequence."""
    tokenizer = Tokenizer(models.WordPiece(vocabulary(), unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A", pair="[CLS] $A $B", special_tokens=[("[CLS]", 2)])
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", bos_token="[CLS]", eos_token="[SEP]", chat_template=TEMPLATE
    )


def say(rng, least, most):
    return " ".join(rng.choice(words()[:30]) for _ in range(rng.randint(least, most)))


def text_pairs(count, seed=5):
    """Prompts of up to 30 words, so that some pairs are cut and some are dropped at max_length."""
    rng = random.Random(seed)
    return [{"prompt": say(rng, 1, 30) + " ", "chosen": say(rng, 1, 9), "rejected": say(rng, 1, 9)} for _ in range(count)]


def chat_pairs(count):
    """Conversations of which the first messages are the prompt, as TRL finds them."""
    rng = random.Random(6)
    rows = []
    for _ in range(count):
        prompt = [{"role": "user", "content": say(rng, 1, 4)}]
        if rng.random() < 0.4:
            prompt += [{"role": "assistant", "content": say(rng, 1, 3)}, {"role": "user", "content": say(rng, 1, 3)}]
        chosen, rejected = ({"role": "assistant", "content": say(rng, 1, 5)} for _ in range(2))
        rows.append({"chosen": [*prompt, chosen], "rejected": [*prompt, rejected]})
    return rows


def trained_adapter(folder, base):
    """An adapter with matrices that are not zero, as a supervised run would have left it."""
    torch.manual_seed(9)
    model = peft.get_peft_model(copy.deepcopy(base), LoraConfig(**LORA))
    generator = torch.Generator().manual_seed(10)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if "lora_B" in name:
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=generator))
    model.save_pretrained(folder / "adapter")
    tidy_adapter(folder / "adapter")
    return PeftModel.from_pretrained(copy.deepcopy(base), folder / "adapter", is_trainable=True)


def run(folder, name, model, rows, eval_rows, tokenizer, lora, arguments):
    with tempfile.TemporaryDirectory() as output:
        trainer = DPOTrainer(
            model=copy.deepcopy(model),
            ref_model=None if lora or isinstance(model, PeftModel) else copy.deepcopy(model),
            args=DPOConfig(output_dir=output, **UNDISTURBED, **arguments),
            train_dataset=Dataset.from_list(rows),
            eval_dataset=Dataset.from_list(eval_rows),
            processing_class=tokenizer,
            peft_config=LoraConfig(**lora) if lora else None,
        )
        trainer.pop_callback(PrinterCallback)
        if lora:
            trainer.model.save_pretrained(folder / name)
            tidy_adapter(folder / name)
        trainer.train()
        log = [entry for entry in trainer.state.log_history if "loss" in entry]
        evaluation = trainer.evaluate()
    kept = ["eval_loss", *(f"eval_{metric}" for metric in METRICS if not metric.startswith("logits")), "eval_mean_token_accuracy"]
    tokens = [[row[key] for key in ("prompt_ids", "chosen_ids", "rejected_ids")] for row in trainer.train_dataset]
    chosen = [row["prompt_ids"] + row["chosen_ids"] for row in trainer.train_dataset]
    return {
        **{key: [float(entry[key]) for entry in log] for key in ("loss", "grad_norm", "learning_rate", *METRICS)},
        "eval": {key: float(evaluation[key]) for key in kept},
        **(causal.after(trainer.model, chosen) if name in WITH_LOGITS else {}),
        **({"tokens": tokens} if name in ("full", "chat") else {}),
    }


if __name__ == "__main__":
    main()
