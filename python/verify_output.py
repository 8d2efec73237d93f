"""
Loads a folder that Tunebook wrote the way its users would, with transformers or PEFT, and prints its logits.

    echo '{"texts": ["where is my card"]}' | python python/verify_output.py .tunebook/runs/ID/output

Standard input: {"input_ids": [[…], …]} or {"texts": […], "max_length": 64}, one row each. Standard output, one JSON
object: `logits` (one list a row; for a masked language model one a token), `input_ids`, `labels` (the model's id2label),
`missing_keys` and `unexpected_keys` (both empty when the folder is whole), and `loaded_with`.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
import transformers
from peft import AutoPeftModelForSequenceClassification, PeftConfig, PeftModel
from transformers import AutoConfig, AutoModelForMaskedLM, AutoModelForSequenceClassification, AutoTokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--num-labels", type=int, help="for an adapter, whose base has no classification head")
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    request = json.load(sys.stdin)
    if (options.folder / "adapter_config.json").exists():
        model, found = load_adapter(options.folder, options.num_labels)
    else:
        model, found = load_model(options.folder)
    ids = request.get("input_ids") or tokenize(options.folder, request)
    json.dump({**found, "labels": model.config.id2label, "input_ids": ids, "logits": logits(model, ids)}, sys.stdout)


def load_model(folder):
    """A whole model: by its architecture a classifier or a masked language model."""
    masked = any("MaskedLM" in name for name in AutoConfig.from_pretrained(folder).architectures or [])
    kind = AutoModelForMaskedLM if masked else AutoModelForSequenceClassification
    model, info = kind.from_pretrained(folder, output_loading_info=True, dtype=torch.float32)
    found = {key: sorted(info[key]) for key in ("missing_keys", "unexpected_keys")}
    return model, {"loaded_with": kind.__name__, **found}


def load_adapter(folder, num_labels):
    """An adapter over the base that its own adapter_config.json names."""
    settings = PeftConfig.from_pretrained(folder)
    kind = PeftModel if settings.task_type is None else AutoPeftModelForSequenceClassification
    if kind is PeftModel:
        # PEFT has no task for masked language models: whoever loads one names the class.
        base = AutoModelForMaskedLM.from_pretrained(settings.base_model_name_or_path, dtype=torch.float32)
        model = PeftModel.from_pretrained(base, folder)
    else:
        head = {} if num_labels is None else {"num_labels": num_labels}
        model = kind.from_pretrained(folder, dtype=torch.float32, **head)
    # The same file once more under another name, because only this call says which keys it did not find.
    result = model.load_adapter(folder, adapter_name="again")
    missing = [key for key in result.missing_keys if ".again." in key]
    found = {"missing_keys": sorted(missing), "unexpected_keys": sorted(result.unexpected_keys)}
    return model, {"loaded_with": kind.__name__, **found}


def tokenize(folder, request):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return tokenizer(request["texts"], truncation=True, max_length=request.get("max_length"))["input_ids"]


def logits(model, rows):
    """One row at a time, so that no padding has a part in the numbers."""
    model.eval()
    with torch.no_grad():
        return [model(input_ids=torch.tensor([row])).logits[0].double().tolist() for row in rows]


if __name__ == "__main__":
    main()
