"""
Loads a folder that Tunebook wrote the way its users would, with transformers or PEFT, and prints its logits.

    echo '{"texts": ["where is my card"]}' | python python/verify_output.py .tunebook/runs/ID/output

Standard input: {"input_ids": [[…], …]} or {"texts": […], "max_length": 64}, one row each. Standard output, one JSON
object: `logits` (one list a row; where a head works on tokens one a token), `input_ids`, `labels` (the model's
id2label), `missing_keys` and `unexpected_keys` (both empty when the folder is whole), and `loaded_with`.

Without a folder standard input is a list of such requests, each with its `folder` and what the flags would say
(`num_labels`, `nf4`), and so is standard output; one that cannot be loaded is {"error": "…"} there.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import torch
import transformers
from peft import (
    AutoPeftModelForCausalLM,
    AutoPeftModelForSequenceClassification,
    AutoPeftModelForTokenClassification,
    PeftConfig,
    PeftModel,
    get_peft_model_state_dict,
)
from safetensors import safe_open
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
)

# What loads a whole model, by how its architecture's name ends.
MODELS = {
    "ForMaskedLM": AutoModelForMaskedLM,
    "ForCausalLM": AutoModelForCausalLM,
    "LMHeadModel": AutoModelForCausalLM,
    "ForTokenClassification": AutoModelForTokenClassification,
    "ForSequenceClassification": AutoModelForSequenceClassification,
}

# With `bias: all` PEFT saves what its wrappers hold of a module, and the output layer's bias, under second names too.
SECOND_NAME = re.compile(r"\.(modules_to_save|original_module)\.(.*\.)?bias$|\.decoder\.bias$")

# What loads an adapter, by its task. PEFT has none for masked language models: whoever loads one names the class.
ADAPTERS = {
    "SEQ_CLS": AutoPeftModelForSequenceClassification,
    "TOKEN_CLS": AutoPeftModelForTokenClassification,
    "CAUSAL_LM": AutoPeftModelForCausalLM,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--num-labels", type=int, help="for an adapter, whose base has no classification head")
    parser.add_argument("--nf4", action="store_true", help="for an adapter of a causal model: over the base that bitsandbytes' 4 bits stand for")
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)

    request = json.load(sys.stdin)
    if options.folder is None:
        json.dump([try_verify(each) for each in request], sys.stdout)
    else:
        json.dump(verify(**request, **vars(options)), sys.stdout)


def try_verify(request):
    try:
        return verify(**request)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def verify(folder, input_ids=None, texts=(), max_length=None, num_labels=None, nf4=False):
    folder = Path(folder)
    if (folder / "adapter_config.json").exists():
        model, found = load_adapter(folder, num_labels, nf4)
    else:
        model, found = load_model(folder)
    ids = input_ids or tokenize(folder, texts, max_length)
    return {**found, "labels": model.config.id2label, "input_ids": ids, "logits": logits(model, ids)}


def load_model(folder):
    """A whole model, as its architecture says."""
    config = AutoConfig.from_pretrained(folder)
    (architecture,) = config.architectures
    # The attention that transformers takes on its own, sdpa, leaves Gemma 2's soft-capping of scores out.
    attention = {"attn_implementation": "eager"} if config.model_type == "gemma2" else {}
    kind = next(kind for ending, kind in MODELS.items() if architecture.endswith(ending))
    model, info = kind.from_pretrained(folder, output_loading_info=True, dtype=torch.float32, **attention)
    found = {key: sorted(info[key]) for key in ("missing_keys", "unexpected_keys")}
    return model, {"loaded_with": kind.__name__, **found}


def load_adapter(folder, num_labels, nf4):
    """An adapter over the base that its own adapter_config.json names."""
    settings = PeftConfig.from_pretrained(folder)
    if nf4 or settings.task_type is None:
        model = PeftModel.from_pretrained(load_base(settings, nf4), folder)
    else:
        head = {} if num_labels is None else {"num_labels": num_labels}
        model = ADAPTERS[settings.task_type].from_pretrained(folder, dtype=torch.float32, **head)
    # PEFT passes over what it does not find or know, so what it would save itself is held against the file.
    with safe_open(folder / "adapter_model.safetensors", "pt") as file:
        saved = set(file.keys())
    wanted = {key for key in get_peft_model_state_dict(model) if not SECOND_NAME.search(key)}
    found = {"missing_keys": sorted(wanted - saved), "unexpected_keys": sorted(saved - wanted)}
    return model, {"loaded_with": type(model).__name__, **found}


def load_base(settings, nf4):
    """The base that an adapter names, as whoever loads the two apart does."""
    kind = AutoModelForCausalLM if nf4 else AutoModelForMaskedLM
    base = kind.from_pretrained(settings.base_model_name_or_path, dtype=torch.float32)
    if not nf4:
        return base
    # bitsandbytes is not there on every machine that has PEFT.
    from parity.nf4 import round_layers

    return round_layers(base)


def tokenize(folder, texts, max_length):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return tokenizer(list(texts), truncation=max_length is not None, max_length=max_length)["input_ids"]


def logits(model, rows):
    """One row at a time, so that no padding has a part in the numbers."""
    model.eval()
    with torch.no_grad():
        return [model(input_ids=torch.tensor([row])).logits[0].double().tolist() for row in rows]


if __name__ == "__main__":
    main()
