"""Runs transformers' own Trainer and keeps, step by step, the numbers that ours has to reach."""

import copy
import tempfile

import torch
from torch.nn.functional import cross_entropy
from transformers import PrinterCallback, Trainer, TrainingArguments

from .rows import IGNORED, PAD


class Rows(torch.utils.data.Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


def pad(rows):
    """A batch padded to its longest row: input_ids, attention_mask, labels (one a row, or one a token)."""
    width = max(len(row["input_ids"]) for row in rows)

    def filled(values, filler):
        return torch.tensor([[*value, *[filler] * (width - len(value))] for value in values])

    ids = [row["input_ids"] for row in rows]
    if "label" in rows[0]:
        labels = torch.tensor([row["label"] for row in rows])
    else:
        labels = filled([row["labels"] for row in rows], IGNORED)
    return {"input_ids": filled(ids, PAD), "attention_mask": filled([[1] * len(row) for row in ids], 0), "labels": labels}


def divided_loss(outputs, labels, num_items_in_batch=None):
    """
    The loss of a whole accumulation window, as Trainer means it: the sum over the window divided by its number of
    targets. BERT's classification and masked-language losses take no notice of `num_items_in_batch` (transformers
    5.18), so under accumulation Trainer on its own adds up means: N times the loss and N times the gradient.
    """
    logits = outputs["logits"]
    total = cross_entropy(logits.view(-1, logits.shape[-1]), labels.view(-1), ignore_index=IGNORED, reduction="sum")
    # An evaluation has no window; its loss is the mean over the batch.
    return total / ((labels != IGNORED).sum() if num_items_in_batch is None else num_items_in_batch)


def train(model, rows, *, compute_loss_func=None, **arguments):
    """
    Trains a copy of `model` on `rows` in their order, with Trainer's log read at every step.

    Returns (the trained model, {"loss", "grad_norm", "learning_rate"}), a list of exact values each. `grad_norm` is
    the global L2 norm before clipping, `learning_rate` the one that the step used.
    """
    model = copy.deepcopy(model)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=folder,
                train_sampling_strategy="sequential",
                logging_steps=1,
                save_strategy="no",
                report_to=[],
                disable_tqdm=True,
                use_cpu=True,
                remove_unused_columns=False,
                label_names=["labels"],
                **arguments,
            ),
            train_dataset=Rows(rows),
            data_collator=pad,
            compute_loss_func=compute_loss_func,
        )
        trainer.pop_callback(PrinterCallback)
        trainer.train()
    log = [entry for entry in trainer.state.log_history if "loss" in entry]
    return trainer.model, {key: [float(entry[key]) for entry in log] for key in ("loss", "grad_norm", "learning_rate")}


def logits(model, rows):
    """The model's logits for `rows`: one list a row, or one a target where tokens have labels."""
    model.eval()
    batch = pad(rows)
    labels = batch.pop("labels")
    with torch.no_grad():
        found = model(**batch).logits.double()
    return (found[labels != IGNORED] if found.dim() == 3 else found).tolist()


def deviation(one, other):
    """The largest relative difference between two lists of numbers."""
    return max(abs(a - b) / max(abs(b), 1e-12) for a, b in zip(one, other, strict=True))
