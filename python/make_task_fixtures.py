"""
Makes test/fixtures/tasks.json: what TRL, transformers and seqeval make of small inputs.

    python python/make_task_fixtures.py [FILE]

`packing`: TRL's pack_dataset on lists of numbers. `alignment`: transformers' tokenizer on words that were split before, with
labels for first tokens. `entities`: seqeval's entities and scores, over all and of each type, of tag sequences drawn at random,
ugly ones too.
"""

import argparse
import json
import random
from pathlib import Path

from datasets import Dataset
from seqeval.metrics import accuracy_score, classification_report, f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities
from transformers import AutoTokenizer
from trl import pack_dataset

ROOT = Path(__file__).resolve().parent.parent / "test" / "fixtures"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "tasks.json")
    file = parser.parse_args().file
    made = {"packing": packing(), "alignment": alignment(), "entities": entities()}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in made.items()]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def packing():
    rng = random.Random(1)
    cases = []
    for room in (8, 16, 33):
        lengths = [rng.randint(1, room) for _ in range(40)]
        # Each sequence holds its own number, so that a row tells which sequences it is made of.
        rows = Dataset.from_dict({"input_ids": [[i] * length for i, length in enumerate(lengths)]})
        packed = pack_dataset(rows, seq_length=room, strategy="bfd")
        cases.append({"room": room, "lengths": lengths, "rows": [members(row) for row in packed["input_ids"]]})
    return cases


def members(row):
    return [value for i, value in enumerate(row) if i == 0 or value != row[i - 1]]


def alignment():
    tokenizer = AutoTokenizer.from_pretrained(ROOT / "parity" / "bert-classifier")
    rows = [
        ["ba", "be", "tu"],
        ["Ba-be", "bo.", "x", "(tu)"],
        ["ba", "", "be"],
        ["ba be", "tu"],
        ["ba"] * 12,
    ]
    made = []
    for words in rows:
        encoding = tokenizer(words, is_split_into_words=True, truncation=True, max_length=8)
        ids = encoding.word_ids()
        first = [word if word is not None and word != ids[i - 1] else -1 for i, word in enumerate(ids)]
        made.append({"words": words, "input_ids": encoding["input_ids"], "words_of_first_tokens": first})
    return made


def entities():
    rng = random.Random(2)
    usual = ["O", "B-a", "I-a", "B-b", "I-b", "E-a", "S-b", "I-long-name", "B-long-name"]
    # What people's files hold besides: tags without a type or a dash, of other schemes, and parts of speech.
    odd = ["O", "B-a", "I-a", "B", "I", "B-", "NOUN", "VERB", ".", "L-a", "U-b", "a-b", "O-a", "I-b"]
    return [*tagged(rng, usual, 60), *tagged(rng, odd, 40)]


def tagged(rng, tags, count):
    draw = lambda length: [rng.choice(tags) for _ in range(length)]
    cases = []
    for _ in range(count):
        lengths = [rng.randint(1, 9) for _ in range(rng.randint(1, 4))]
        expected, predicted = [draw(n) for n in lengths], [draw(n) for n in lengths]
        # Often right, so that there is something to count.
        predicted = [[e if rng.random() < 0.6 else p for e, p in zip(*pair)] for pair in zip(expected, predicted)]
        scores = {
            "precision": precision_score(expected, predicted, zero_division=0),
            "recall": recall_score(expected, predicted, zero_division=0),
            "f1": f1_score(expected, predicted, zero_division=0),
            "macro_f1": f1_score(expected, predicted, average="macro", zero_division=0),
            "accuracy": accuracy_score(expected, predicted),
        }
        report = classification_report(expected, predicted, output_dict=True, zero_division=0)
        types = {name: {key.replace("-score", ""): float(value) for key, value in own.items()} for name, own in report.items()}
        scores["types"] = {name: own for name, own in types.items() if not name.endswith(" avg")}
        cases.append({"expected": expected, "predicted": predicted, "entities": [get_entities(e) for e in expected], **scores})
    return cases


if __name__ == "__main__":
    main()
