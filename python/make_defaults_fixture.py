"""
Writes test/fixtures/huggingface-defaults.json: every field and default of transformers' TrainingArguments and PEFT's
LoraConfig, the target modules that PEFT takes for a model family when none are named, and the fields and defaults of
the families' configs, so that ours can be held against them without Python.

    python python/make_defaults_fixture.py [FILE]
"""

import dataclasses
import enum
import json
import sys
import tempfile
from pathlib import Path

import peft
import transformers
from peft import LoraConfig
from peft.utils import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as TARGETS
from transformers import CONFIG_MAPPING, TrainingArguments

FAMILIES = ("bert", "distilbert", "roberta", "xlm-roberta", "gpt2", "llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text")


def main():
    default = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "huggingface-defaults.json"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    with tempfile.TemporaryDirectory() as folder:
        # An instance, not the class: __post_init__ is where some defaults come to be.
        training = TrainingArguments(output_dir=folder, use_cpu=True)
    made = {
        "made_by": {"transformers": transformers.__version__, "peft": peft.__version__},
        "TrainingArguments": fields(training, leave_out={"output_dir", "logging_dir", "run_name"}),
        "target_modules": {family: list(TARGETS[family]) for family in FAMILIES if family in TARGETS},
        "LoraConfig": fields(LoraConfig(), leave_out={"peft_version"}),
        "configs": {family: config_of(family) for family in FAMILIES},
    }
    path.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")


def fields(instance, leave_out):
    values = {field.name: plain(getattr(instance, field.name, None)) for field in dataclasses.fields(instance)}
    return {name: value for name, value in values.items() if name not in leave_out}


def config_of(family):
    """What the class of a family's config says of its own fields: an instance would fill in what follows from others."""
    config = CONFIG_MAPPING[family]
    inherited = {field.name for field in dataclasses.fields(transformers.PreTrainedConfig)}
    own = {field.name: plain(field.default) for field in dataclasses.fields(config) if field.name in vars(config) or field.name not in inherited}
    return {**own, "class": config.__name__}


def plain(value):
    """What JSON can hold; anything else by its name."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else f"{type(value).__name__}"


if __name__ == "__main__":
    main()
