"""
Writes test/fixtures/scratch.json: how transformers starts the weights of models from scratch, for each family and head that Tunebook trains
so: the shape of every parameter, the mean and the deviation of what is drawn, and the rows that are zero.

    python python/make_scratch_fixture.py [FILE]
"""

import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoConfig

from make_parity_fixtures import write
from parity.families import HEADS

ROWS = 100
IDS = {"pad_token_id": 3, "bos_token_id": 4, "eos_token_id": 5}
ENCODER = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96, "max_position_embeddings": 80}
DECODER = {**ENCODER, "num_key_value_heads": 2}

# What differs from the default: an architecture of a run config.
ARCHITECTURES = {
    "bert": {**ENCODER, "initializer_range": 0.05},
    "distilbert": {"dim": 64, "n_layers": 2, "n_heads": 4, "hidden_dim": 96, "max_position_embeddings": 80},
    "roberta": {**ENCODER, "type_vocab_size": 1},
    "xlm-roberta": ENCODER,
    "gpt2": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 80},
    "llama": {**DECODER, "attention_bias": True, "mlp_bias": True, "head_dim": 32, "initializer_range": 0.04},
    "mistral": {**DECODER, "sliding_window": 4},
    "qwen2": {**DECODER, "use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1, "tie_word_embeddings": True},
    "qwen3": {**DECODER, "head_dim": 32, "attention_bias": True},
    "gemma": {**DECODER, "head_dim": 32, "attention_bias": True},
    "gemma2": {**DECODER, "head_dim": 32, "query_pre_attn_scalar": 32, "sliding_window": 4, "final_logit_softcapping": None},
    "gemma3_text": {
        **DECODER, "head_dim": 32, "query_pre_attn_scalar": 32, "sliding_window": 4, "layer_types": ["sliding_attention", "full_attention"],
        "tie_word_embeddings": False,
    },
}
# The heads that transformers has no class for.
MISSING = {("gemma3_text", "tokens")}
ENCODERS = ("bert", "distilbert", "roberta", "xlm-roberta")


def main():
    default = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "scratch.json"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    made = {"made_by": {"transformers": transformers.__version__, "torch": torch.__version__.split("+")[0]}, "vocab_size": ROWS, "ids": IDS}
    for family, architecture in ARCHITECTURES.items():
        for head in ("masked" if family in ENCODERS else "causal", "sequence", "tokens"):
            if (family, head) in MISSING:
                continue
            made[f"{family}, {head}"] = {"architecture": {"model_type": family, **architecture}, "parameters": start_of(family, head, architecture)}
    write(path, made)


def start_of(family, head, architecture):
    config = AutoConfig.for_model(family, vocab_size=ROWS, num_labels=5, **IDS, **architecture)
    torch.manual_seed(11)
    model = HEADS[head].from_config(config)
    tied = set(model.all_tied_weights_keys)
    parameters = sorted(model.named_parameters(remove_duplicate=False))
    return {name: describe(parameter.detach().double()) for name, parameter in parameters if name not in tied}


def describe(values):
    zero = [row for row, each in enumerate(values) if not each.any()] if values.dim() == 2 else []
    kept = values[[row for row in range(len(values)) if row not in zero]]
    return {"shape": list(values.shape), "mean": kept.mean().item(), "std": kept.std(unbiased=False).item(), "zero_rows": zero}


if __name__ == "__main__":
    main()
