"""
Fine-tunes a token classifier with Hugging Face Trainer as its documentation shows it, and scores the test rows with seqeval.

    python python/train_wnut17.py MODEL TRAIN.jsonl TEST.jsonl < settings.json

Settings are those of TrainingArguments, with `labels` and `max_length`. Prints one JSON object: {"f1": …}.
"""

import json
import sys
import tempfile

import torch
import transformers
from seqeval.metrics import f1_score
from transformers import (
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
    PrinterCallback,
    Trainer,
    TrainingArguments,
    set_seed,
)

from bench.tasks import tagged


def main():
    folder, train, test = sys.argv[1:]
    settings = json.load(sys.stdin)
    labels = settings.pop("labels")
    limit = {"truncation": True, "max_length": settings.pop("max_length")}
    torch.set_num_threads(2)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    # The head is drawn when the model is loaded.
    set_seed(settings["seed"])
    model = AutoModelForTokenClassification.from_pretrained(
        folder, dtype=torch.float32, id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)}
    )
    tokenizer = AutoTokenizer.from_pretrained(folder)
    rows = {path: read(path, tokenizer, model.config, limit) for path in (train, test)}
    with tempfile.TemporaryDirectory() as out:
        trainer = Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=out,
                save_strategy="no",
                logging_strategy="no",
                report_to=[],
                disable_tqdm=True,
                use_cpu=True,
                **settings,
            ),
            train_dataset=rows[train],
            data_collator=DataCollatorForTokenClassification(tokenizer),
        )
        # It would print among what this script prints.
        trainer.pop_callback(PrinterCallback)
        trainer.train()
        found = trainer.predict(rows[test])
    expected, predicted = [], []
    for wanted, row in zip(found.label_ids, found.predictions.argmax(-1), strict=True):
        first = wanted >= 0
        expected.append([labels[label] for label in wanted[first]])
        predicted.append([labels[label] for label in row[first]])
    json.dump({"f1": f1_score(expected, predicted)}, sys.stdout)


def read(path, tokenizer, config, limit):
    with open(path, encoding="utf-8") as file:
        return [tagged(json.loads(line), tokenizer, config, limit) for line in file]


if __name__ == "__main__":
    main()
