"""One tiny model a family and head, with random weights and nothing dropped at random."""

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    BertConfig,
    DistilBertConfig,
    Gemma2Config,
    Gemma3TextConfig,
    GemmaConfig,
    GPT2Config,
    LlamaConfig,
    MistralConfig,
    Qwen2Config,
    Qwen3Config,
    RobertaConfig,
)

from .rows import LABELS, PAD, VOCAB_SIZE

LLAMA = {
    "vocab_size": VOCAB_SIZE,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "pad_token_id": PAD,
    "bos_token_id": 2,
    "eos_token_id": 3,
}
BERT = {
    "vocab_size": VOCAB_SIZE,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 24,
    "max_position_embeddings": 40,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
    "classifier_dropout": 0.0,
    "pad_token_id": PAD,
}
# A scalar that is not the width of a head; caps that bend what is there.
GEMMA = {**LLAMA, "head_dim": 8}
GEMMA_WINDOWS = {"query_pre_attn_scalar": 3, "sliding_window": 4}
# Short waves, long ones and some between them: every branch of Llama 3's stretching.
LLAMA3_ROPE = {
    "rope_type": "llama3",
    "rope_theta": 500.0,
    "factor": 4.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}

CONFIGS = {
    "bert": lambda: BertConfig(**BERT),
    "distilbert": lambda: DistilBertConfig(
        vocab_size=VOCAB_SIZE, dim=16, n_layers=2, n_heads=4, hidden_dim=24, max_position_embeddings=40,
        dropout=0.0, attention_dropout=0.0, seq_classif_dropout=0.0, pad_token_id=PAD,
    ),
    "roberta": lambda: RobertaConfig(**{**BERT, "type_vocab_size": 1}),
    "gpt2": lambda: GPT2Config(
        vocab_size=VOCAB_SIZE, n_positions=40, n_embd=16, n_layer=2, n_head=4, resid_pdrop=0.0, embd_pdrop=0.0,
        attn_pdrop=0.0, classifier_dropout=0.0, pad_token_id=PAD, bos_token_id=2, eos_token_id=3,
    ),
    "llama": lambda: LlamaConfig(**LLAMA, classifier_dropout=0.0),
    "llama3": lambda: LlamaConfig(**LLAMA, tie_word_embeddings=True, attention_bias=True, mlp_bias=True, rope_parameters=LLAMA3_ROPE),
    "mistral": lambda: MistralConfig(**LLAMA, sliding_window=4),
    "qwen2": lambda: Qwen2Config(**LLAMA, tie_word_embeddings=True),
    "qwen2-window": lambda: Qwen2Config(**LLAMA, use_sliding_window=True, sliding_window=3, max_window_layers=1),
    "qwen3": lambda: Qwen3Config(**LLAMA, head_dim=8),
    "gemma": lambda: GemmaConfig(**GEMMA),
    "gemma2": lambda: Gemma2Config(**GEMMA, **GEMMA_WINDOWS, attn_logit_softcapping=3.0, final_logit_softcapping=2.0),
    "gemma3": lambda: Gemma3TextConfig(
        **GEMMA, **GEMMA_WINDOWS, layer_types=["sliding_attention", "full_attention"],
        rope_parameters={"full_attention": {"rope_type": "linear", "rope_theta": 500.0, "factor": 4.0}, "sliding_attention": {"rope_type": "default", "rope_theta": 50.0}},
    ),
    "gemma3-capped": lambda: Gemma3TextConfig(**GEMMA, sliding_window=3, final_logit_softcapping=2.0, tie_word_embeddings=False, attention_bias=True),
}

HEADS = {
    "causal": AutoModelForCausalLM,
    "masked": AutoModelForMaskedLM,
    "sequence": AutoModelForSequenceClassification,
    "multi-label": AutoModelForSequenceClassification,
    "regression": AutoModelForSequenceClassification,
    "tokens": AutoModelForTokenClassification,
}

# These classifiers of tokens drop a tenth where nothing is said, whether or not their config has the field.
NO_DROPOUT = ("llama3", "mistral", "qwen2", "qwen3", "gemma", "gemma2")
PROBLEM_TYPES = {"multi-label": "multi_label_classification", "regression": "regression"}


def make(family, head, seed):
    config = CONFIGS[family]()
    if head in ("sequence", "tokens", "multi-label"):
        config.id2label = dict(enumerate(LABELS))
        config.label2id = {name: index for index, name in config.id2label.items()}
    if head == "regression":
        config.num_labels = 1
    if head == "tokens" and family in NO_DROPOUT:
        config.classifier_dropout = 0.0
    if head in PROBLEM_TYPES:
        config.problem_type = PROBLEM_TYPES[head]
    model = HEADS[head].from_config(config, attn_implementation="eager")
    return randomise(model, seed)


def randomise(model, seed):
    """Draws every weight anew, biases and norms too, so that no term of the backward pass is zero or one by accident."""
    # A norm of Gemma keeps what its weight differs from one by. Its norms behind a layer make much of what is small: with smaller weights, or a third
    # layer, gradient norms of transformers in float32 were 3e-5 away from those in float64.
    centre, spread = (0, 0.3) if model.config.model_type in ("gemma", "gemma2", "gemma3_text") else (1, 0.2)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            is_norm = parameter.dim() == 1 and name.endswith("weight")
            parameter.copy_(centre + 0.1 * noise if is_norm else spread * noise)
    return model
