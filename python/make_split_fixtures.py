"""Writes test/fixtures/train-test-split.json: which rows `datasets.Dataset.train_test_split` holds out, plain and stratified.

Run with datasets 5.2 and numpy 2.4: python python/make_split_fixtures.py
"""

import json
import pathlib

import datasets
import numpy

OUT = pathlib.Path(__file__).parent.parent / "test/fixtures/train-test-split.json"

PLAIN = [
    (10, 0.1, 42),
    (10, 0.25, 0),
    (7, 3, 1),
    (2, 1, 42),
    (100, 0.05, 1234567),
    (1402, 0.1, 42),
    (1000, 200, 2**32 + 5),
]
# The classes of the rows, the share and the seed.
STRATIFIED = [
    ([0, 1] * 10, 0.2, 42),
    ([0] * 13 + [1] * 7 + [2] * 5, 0.3, 42),
    ([2, 0, 1, 1, 0, 2, 2, 1, 0, 0, 1, 2, 0, 1, 2, 2, 1], 5, 7),
    ([row * row % 20 for row in range(400)], 0.15, 3),
    ([row % 11 for row in range(363)], 44, 99),
]


def held(dataset: datasets.Dataset, **arguments) -> list[int]:
    return sorted(dataset.train_test_split(**arguments)["test"]["row"])


def plain(rows: int, test_size: float, seed: int) -> dict:
    dataset = datasets.Dataset.from_dict({"row": list(range(rows))})
    return {"rows": rows, "test_size": test_size, "seed": seed, "held": held(dataset, test_size=test_size, seed=seed)}


def stratified(labels: list[int], test_size: float, seed: int) -> dict:
    names = sorted({f"class-{label:02}" for label in labels})
    classes = [names.index(f"class-{label:02}") for label in labels]
    features = datasets.Features({"row": datasets.Value("int64"), "label": datasets.ClassLabel(names=names)})
    dataset = datasets.Dataset.from_dict({"row": list(range(len(labels))), "label": classes}, features=features)
    rows = held(dataset, test_size=test_size, seed=seed, stratify_by_column="label")
    return {"classes": classes, "test_size": test_size, "seed": seed, "held": rows}


OUT.write_text(
    json.dumps(
        {
            "versions": {"datasets": datasets.__version__, "numpy": numpy.__version__},
            "plain": [plain(*case) for case in PLAIN],
            "stratified": [stratified(*case) for case in STRATIFIED],
        }
    )
    + "\n"
)
