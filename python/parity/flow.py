"""When transformers' own Trainer evaluates, saves, deletes and finds the best: the flow around the steps."""

import copy
import tempfile
from pathlib import Path

import numpy as np
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from .reference import Rows, pad


class Notes(TrainerCallback):
    """Writes down what happens, in its order, with the checkpoints that lie on the disk after each save."""

    def __init__(self):
        self.events = []

    def on_evaluate(self, args, state, control, metrics=None, **kwargs):
        numbers = {key: float(metrics[key]) for key in ("eval_loss", "eval_accuracy")}
        self.events.append({"event": "evaluate", "step": state.global_step, "epoch": state.epoch, **numbers})

    def on_save(self, args, state, control, **kwargs):
        self.events.append({"event": "save", "step": state.global_step, "kept": checkpoints(args.output_dir)})


def checkpoints(folder):
    """Steps of the checkpoints in a folder, ascending."""
    return sorted(int(path.name.split("-")[1]) for path in Path(folder).glob("checkpoint-*"))


def accuracy(prediction):
    return {"accuracy": float((np.argmax(prediction.predictions, axis=-1) == prediction.label_ids).mean())}


def run(model, train_rows, eval_rows, *, compute_loss_func=None, **arguments):
    """Trains a copy of `model` and returns the events in order and what Trainer knew at the end."""
    notes = Notes()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=copy.deepcopy(model),
            args=TrainingArguments(
                output_dir=folder,
                train_sampling_strategy="sequential",
                report_to=[],
                disable_tqdm=True,
                use_cpu=True,
                remove_unused_columns=False,
                label_names=["labels"],
                optim="adamw_torch",
                **arguments,
            ),
            train_dataset=Rows(train_rows),
            eval_dataset=Rows(eval_rows),
            data_collator=pad,
            compute_metrics=accuracy,
            compute_loss_func=compute_loss_func,
            callbacks=[notes],
        )
        trainer.pop_callback(PrinterCallback)
        trainer.train()
        events = list(notes.events)
        state = trainer.state
        best = state.best_model_checkpoint
        return {
            "arguments": arguments,
            "events": events,
            "kept": checkpoints(folder),
            "global_step": state.global_step,
            "max_steps": state.max_steps,
            "num_train_epochs": state.num_train_epochs,
            "epoch": state.epoch,
            "best_metric": state.best_metric,
            "best_step": None if best is None else int(best.split("-")[-1]),
            "logs": [[entry["step"], entry["epoch"], entry["loss"]] for entry in state.log_history if "loss" in entry],
            # After load_best_model_at_end the weights are those of the best step.
            "eval_loss_of_result": float(trainer.evaluate()["eval_loss"]),
        }
