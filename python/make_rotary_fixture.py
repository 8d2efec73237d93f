"""
Makes test/fixtures/rotary.json: the frequencies of rotary positions and the factor of their cosines, as transformers makes them of a config.json.

    python python/make_rotary_fixture.py [FILE]

Each is what LlamaRotaryEmbedding holds after a text of `max_position_embeddings` tokens.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

FILE = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "rotary.json"

LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
YARN = {"rope_type": "yarn", "factor": 4.0}
# rope_parameters, and what else differs.
CASES = [
    ({"rope_type": "default", "rope_theta": 500000.0}, {}),
    ({"rope_type": "linear", "factor": 2.5, "rope_theta": 10000.0}, {}),
    ({"rope_type": "dynamic", "factor": 4.0, "rope_theta": 10000.0}, {}),
    ({**LLAMA3, "rope_theta": 500000.0, "original_max_position_embeddings": 8192}, {"max_position_embeddings": 131072}),
    ({**LLAMA3, "rope_theta": 500.0, "original_max_position_embeddings": 32}, {"max_position_embeddings": 64}),
    ({**LLAMA3, "rope_theta": 500.0}, {"max_position_embeddings": 64}),
    # Qwen2.5's for long texts.
    ({**YARN, "rope_theta": 1000000.0, "original_max_position_embeddings": 32768}, {"max_position_embeddings": 131072, "head_dim": 128}),
    ({**YARN, "rope_theta": 50.0, "original_max_position_embeddings": 8}, {"max_position_embeddings": 32}),
    ({**YARN, "rope_theta": 10000.0, "original_max_position_embeddings": 16, "truncate": False}, {"max_position_embeddings": 64}),
    ({**YARN, "rope_theta": 10000.0, "original_max_position_embeddings": 16, "attention_factor": 0.7}, {"max_position_embeddings": 64}),
    ({**YARN, "rope_theta": 10000.0, "original_max_position_embeddings": 16, "beta_fast": 8, "beta_slow": 2}, {"max_position_embeddings": 64}),
    ({**YARN, "rope_theta": 10000.0, "original_max_position_embeddings": 16, "mscale": 0.7, "mscale_all_dim": 1.2}, {"max_position_embeddings": 64}),
    ({**YARN, "rope_theta": 10000.0}, {"max_position_embeddings": 64}),
    # Every wave is short, or none is.
    ({**YARN, "rope_theta": 10000.0, "original_max_position_embeddings": 10**9}, {"max_position_embeddings": 4 * 10**9}),
    ({**YARN, "rope_theta": 10000.0, "original_max_position_embeddings": 1}, {"max_position_embeddings": 4}),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    file = parser.parse_args().file
    transformers.logging.set_verbosity_error()
    made = [case(rope, {"head_dim": 16, "max_position_embeddings": 64, **more}) for rope, more in CASES]
    head = {"made_by": {"transformers": transformers.__version__}, "cases": made}
    file.write_text(json.dumps(head, indent=1) + "\n")


def case(rope_parameters, fields):
    config = LlamaConfig(rope_parameters=dict(rope_parameters), hidden_size=4 * fields["head_dim"], num_attention_heads=4, **fields)
    embedding = LlamaRotaryEmbedding(config)
    embedding(torch.zeros(1), torch.tensor([[min(fields["max_position_embeddings"], 2**20) - 1]]))
    return {
        "config": {"rope_parameters": rope_parameters, **fields},
        "inv_freq": embedding.inv_freq.tolist(),
        "attention_scaling": embedding.attention_scaling,
    }


if __name__ == "__main__":
    main()
