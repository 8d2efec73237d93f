"""Logits of causal language models, read without training anything and without leaving a mode behind."""

import torch

# Rows, and tokens of each, of which a fixture keeps logits.
ROWS, TOKENS = 2, 12


def logits(model, **inputs):
    training = model.training
    model.eval()
    with torch.no_grad():
        found = model(**inputs, use_cache=False).logits
    model.train(training)
    return found


def after(model, rows):
    """The beginnings of the first rows of ids, and the logits of every token of theirs but the last: what a fixture keeps of a trained model."""
    ids = [row[:TOKENS] for row in rows[:ROWS]]
    return {"input_ids": ids, "logits_after": [token for row in ids for token in logits(model, input_ids=torch.tensor([row]))[0, :-1].tolist()]}
