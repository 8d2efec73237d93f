"""The tiny data sets: words, labelled rows, and masked rows. Everything is drawn from fixed seeds."""

import random

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PAD, UNK, CLS, SEP, MASK = range(5)
VOCAB_SIZE = 60
LABELS = ["alpha", "bravo", "charlie", "delta", "echo"]

# The id that says "no target here" in Hugging Face's losses.
IGNORED = -100


def words():
    """The 55 ordinary words of the vocabulary: two letters each, so that no word is the beginning of another."""
    return [consonant + vowel for consonant in "bdfgklmnprt" for vowel in "aeiou"]


def vocabulary():
    """Token to id, the special tokens first."""
    tokens = SPECIAL + words()
    assert len(tokens) == VOCAB_SIZE
    return {token: index for index, token in enumerate(tokens)}


def labelled_rows(count, seed=11):
    """
    `count` rows of {input_ids, label}, 3 to 24 ids with [CLS] and [SEP]. Tokens repeat on purpose, within a row and
    across a batch: an embedding gradient that does not add up repeated ids shows at once. The first word decides the
    label most of the time, so there is something to learn and something that cannot be learnt.
    """
    rng = random.Random(seed)
    rows = []
    for _ in range(count):
        length = rng.randint(1, 22)
        pool = rng.sample(range(len(SPECIAL), VOCAB_SIZE), k=max(1, length // 3))
        ids = [rng.choice(pool) for _ in range(length)]
        label = ids[0] % len(LABELS) if rng.random() < 0.85 else rng.randrange(len(LABELS))
        rows.append({"input_ids": [CLS, *ids, SEP], "label": label})
    return rows


def target_rows(count, head):
    """
    The rows of `labelled_rows` with what else a text may be given: for "multi-label" 0 or 1 for each label, none in some rows, and for
    "regression" a number.
    """
    rng = random.Random(14)
    rows = labelled_rows(count)
    for row in rows:
        ids = row["input_ids"][1:-1]
        if head == "regression":
            row["label"] = round(sum(ids) / len(ids) / 20 + rng.gauss(0, 0.3), 3)
        else:
            marked = {word % 7 for word in ids[:3]}
            row["label"] = [float(label in marked) for label in range(len(LABELS))]
    return rows


def masked_rows(count, seed=12):
    """
    `count` rows of {input_ids, labels} for masked-language modelling, masked once and for all: of the words of a row a
    fifth (at least one) are targets, shown as [MASK], as a random word or as they are, in BERT's 80/10/10.
    """
    rng = random.Random(seed)
    rows = []
    for row in labelled_rows(count, seed=seed):
        ids = list(row["input_ids"])
        labels = [IGNORED] * len(ids)
        inner = range(1, len(ids) - 1)
        for position in rng.sample(inner, k=max(1, len(inner) // 5)):
            labels[position] = ids[position]
            draw = rng.random()
            if draw < 0.8:
                ids[position] = MASK
            elif draw < 0.9:
                ids[position] = rng.randrange(len(SPECIAL), VOCAB_SIZE)
        rows.append({"input_ids": ids, "labels": labels})
    return rows
