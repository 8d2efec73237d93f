"""
Writes test/fixtures/benchmarks/NAME.json beside each NAME.yaml and NAME.jsonl: what lm-evaluation-harness asks about the rows (context and
continuations, with the first rows of fixed examples in front), and what it counts of made-up log-likelihoods and answers.

    python python/make_benchmark_fixtures.py

Needs lm-eval==0.4.13 besides python/requirements.txt; nothing else of the project does.
"""

import json
import random
from pathlib import Path

import datasets
import lm_eval
import yaml
from lm_eval.api.task import ConfigurableTask

FOLDER = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "benchmarks"
# Rows that examples are taken from: the rows themselves, the last first.
ANSWERS = ["3", " The 42!", "4 2", "", "0", "the 0", "III"]


def main():
    for path in sorted(FOLDER.glob("*.yaml")):
        rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text().splitlines()]
        made = {"made_by": {"lm_eval": lm_eval.__version__}, "rows": run(yaml.safe_load(path.read_text()), rows)}
        path.with_suffix(".json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")


def run(config, rows):
    splits = datasets.DatasetDict(test=datasets.Dataset.from_list(rows), train=datasets.Dataset.from_list(rows[::-1]))
    task = ConfigurableTask(config={**config, "custom_dataset": lambda **_: splits})
    draw = random.Random(11)
    return [row_of(task, doc, draw) for doc in task.eval_docs]


def row_of(task, doc, draw):
    context = task.fewshot_context(doc, task.config.num_fewshot or 0)
    requests = task.construct_requests(doc, context)
    if task.OUTPUT_TYPE == "generate_until":
        _, until = requests.args
        scored = [{"output": each, **task.process_results(doc, [each])} for each in ANSWERS]
        return {"context": context, "target": task.doc_to_target(doc), "until": until, "scored": scored}
    scored = []
    for _ in range(6):
        sums = [-draw.uniform(0.5, 30) for _ in requests]
        if draw.random() < 0.3:
            sums = [sums[0]] * len(sums)
        counted = task.process_results(doc, [(each, False) for each in sums])
        scored.append({"sums": sums, **{name: float(value) for name, value in counted.items()}})
    pairs = [request.args for request in requests]
    return {"context": context, "continuations": [continuation for _, continuation in pairs], "scored": scored}


if __name__ == "__main__":
    main()
