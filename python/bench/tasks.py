"""What the tasks of the benchmarks differ in: the model's class, LoRA's task type, and how rows become tokens."""

import csv
import json

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    BitsAndBytesConfig,
    DataCollatorForTokenClassification,
    DataCollatorWithPadding,
)

CLASSES = {
    "text-classification": (AutoModelForSequenceClassification, "SEQ_CLS"),
    "token-classification": (AutoModelForTokenClassification, "TOKEN_CLS"),
    "text-generation": (AutoModelForCausalLM, "CAUSAL_LM"),
}

# QLoRA's own, computed in float32 as ours is.
NF4 = {
    "load_in_4bit": True,
    "bnb_4bit_quant_type": "nf4",
    "bnb_4bit_compute_dtype": torch.float32,
    # Heads are trained or tied: they stay as they are.
    "llm_int8_skip_modules": ["classifier", "lm_head"],
}


def add_options(parser):
    parser.add_argument("--model", required=True)
    parser.add_argument("--task", choices=CLASSES, default="text-classification")
    parser.add_argument("--method", choices=["full", "lora", "qlora"], required=True)
    parser.add_argument("--targets", default="query,value", help="LoRA's target_modules")
    parser.add_argument("--adapter", help="folder of the adapter that training goes on with; else one is drawn")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--max-length", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)


def load_model(options):
    model_class, task_type = CLASSES[options.task]
    four_bits = {"quantization_config": BitsAndBytesConfig(**NF4)} if options.method == "qlora" else {}
    model = model_class.from_pretrained(options.model, dtype=torch.float32, **four_bits)
    if options.method == "full":
        return model
    from peft import LoraConfig, PeftModel, get_peft_model, prepare_model_for_kbit_training

    if options.adapter:
        return PeftModel.from_pretrained(model, options.adapter, is_trainable=True)

    if options.method == "qlora":
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    targets = options.targets.split(",")
    lora = LoraConfig(
        r=8, lora_alpha=16, target_modules=targets, task_type=task_type, fan_in_fan_out=model.config.model_type == "gpt2"
    )
    return get_peft_model(model, lora)


def read_rows(options, tokenizer, config):
    """The rows of a file as the examples of transformers make them of it, cut at `max_length`."""
    limit = {"truncation": True, "max_length": options.max_length}
    if options.task == "text-classification":
        with open(options.train, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        ids = tokenizer([row["text"] for row in rows], **limit)["input_ids"]
        return [{"input_ids": i, "labels": config.label2id[row["category"]]} for i, row in zip(ids, rows, strict=True)]
    with open(options.train, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    if options.task == "token-classification":
        return [tagged(row, tokenizer, config, limit) for row in rows]
    # TRL's SFTTrainer: the end is marked, then the text is cut.
    ids = tokenizer([row["text"] + tokenizer.eos_token for row in rows], **limit)["input_ids"]
    # No position predicts a row's first token, but Trainer counts its label and divides by one more a row: 1.4 % less of loss here.
    return [{"input_ids": i, "labels": [-100, *i[1:]]} for i in ids]


def tagged(row, tokenizer, config, limit):
    """The first token of a word has its tag, the others take no part in the loss."""
    encoding = tokenizer(row["tokens"], is_split_into_words=True, **limit)
    words = encoding.word_ids()
    first = [word is not None and (i == 0 or word != words[i - 1]) for i, word in enumerate(words)]
    labels = [config.label2id[row["ner_tags"][word]] if is_first else -100 for word, is_first in zip(words, first)]
    return {"input_ids": encoding["input_ids"], "labels": labels}


def collator(options, tokenizer):
    """Pads to the longest row of a batch; labels of tokens with -100."""
    if options.task == "text-classification":
        return DataCollatorWithPadding(tokenizer)
    return DataCollatorForTokenClassification(tokenizer)
