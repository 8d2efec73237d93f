"""Draws what a run trains, on what and how: settings as people write them, and those at their edges."""

ENCODERS = ["bert", "distilbert", "roberta"]
DECODERS = ["gpt2", "llama", "llama3", "mistral", "qwen2", "qwen2-window", "qwen3", "gemma", "gemma2", "gemma3"]
CLASSIFIED = ["classification", "multi-label-classification", "regression", "tokens"]
WRITTEN = ["text", "prompt-completion", "chat"]
FORMATS = [*CLASSIFIED, *WRITTEN, "preference"]

LABELS = ["ask", "close", "find", "open"]
TAGS = ["B-LOC", "B-PER", "I-LOC", "I-PER", "O"]
WORDS = "open the file close a tab run all tests find who wrote this line go to definition of parse now please quickly".split()

# Linear layers that matrices go beside.
LINEAR = {
    "bert": ["query", "key", "value", "intermediate.dense"],
    "distilbert": ["q_lin", "k_lin", "v_lin", "lin1", "lin2"],
    "gpt2": ["c_attn", "c_fc", "mlp.c_proj"],
    "llama": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
}
SCHEDULES = {
    "linear": lambda rng: {},
    "cosine": lambda rng: {},
    "constant": lambda rng: {},
    "constant_with_warmup": lambda rng: {},
    "inverse_sqrt": lambda rng: {},
    "polynomial": lambda rng: {"power": rng.choice([1.0, 2.0]), "lr_end": 1e-6},
    "cosine_with_restarts": lambda rng: {"num_cycles": rng.randint(1, 3)},
    "cosine_with_min_lr": lambda rng: {"min_lr_rate": 0.1},
    "warmup_stable_decay": lambda rng: {"num_decay_steps": rng.randint(1, 4), "decay_type": rng.choice(["linear", "cosine", "1-sqrt"])},
}


def case(rng):
    """One run, with as many rows to train and evaluate on as `rows` and `eval_rows` say."""
    format = rng.choice(FORMATS)
    family = rng.choice(ENCODERS + DECODERS if format in CLASSIFIED else DECODERS)
    # transformers has no tagger of Gemma 3.
    family = "gemma2" if (family, format) == ("gemma3", "tokens") else family
    train = arguments(rng)
    if format in ("classification", "tokens"):
        train["label_smoothing_factor"] = rng.choice([0.0, 0.0, 0.1])
    made = {"format": format, "family": family, "rows": rng.randint(5, 23), "eval_rows": rng.randint(2, 11)}
    if format == "preference":
        made["method"] = preference(rng)
        # TRL takes the mean of the batches' means, we take all pairs of a step.
        batch = train["per_device_train_batch_size"]
        made["rows"] = batch * -(-made["rows"] // batch)
    data = reading(rng, format)
    if data.get("packing"):
        train["dataloader_drop_last"] = False
    longest = 100 if format == "chat" else 40
    return {
        **made,
        "config": config(rng, family, longest),
        "train": train,
        "data": data,
        "lora": lora(rng, format, family) if rng.random() < 0.4 else None,
    }


def row(rng, format):
    def text(low=1, high=14):
        return " ".join(rng.choice(WORDS) for _ in range(rng.randint(low, high)))

    if format == "classification":
        return {"text": text(), "label": rng.choice(LABELS)}
    if format == "multi-label-classification":
        return {"text": text(), "labels": [name for name in LABELS if rng.random() < 0.4]}
    if format == "regression":
        return {"text": text(), "label": round(rng.uniform(-2, 2), 3)}
    if format == "tokens":
        words = text().split()
        return {"tokens": words, "ner_tags": [rng.choice(TAGS) for _ in words]}
    if format == "text":
        return {"text": text(2)}
    if format == "chat":
        turns = ["user", "assistant"] * rng.randint(1, 2)
        return {"messages": [{"role": role, "content": text(1, 6)} for role in turns]}
    if format == "prompt-completion":
        return {"prompt": text(1, 6), "completion": f" {text(1, 6)}"}
    return {"prompt": text(1, 5), "chosen": f" {text(1, 6)}", "rejected": f" {text(1, 6)}"}


def reading(rng, format):
    """How rows become tokens. No prompt fills the whole length: what TRL does with such a row we do not."""
    data = {"max_length": {"prompt-completion": 34, "preference": 40, "chat": 90}.get(format) or rng.choice([8, 12, 24])}
    if format in WRITTEN and rng.random() < 0.4:
        data.update(packing=True, packing_strategy=rng.choice(["bfd", "wrapped"]))
    # A row of `wrapped` may be nothing but prompt.
    is_whole = data.get("packing_strategy") == "wrapped" or rng.random() < 0.3
    if format == "prompt-completion":
        data["completion_only_loss"] = not is_whole
    if format == "chat":
        data["assistant_only_loss"] = not is_whole
    return data


def preference(rng):
    if rng.random() < 0.3:
        return {"orpo": {"beta": rng.choice([0.1, 1.0])}}
    loss = rng.choice(["sigmoid", "sigmoid", "hinge", "ipo", "apo_zero"])
    return {"dpo": {"beta": rng.choice([0.1, 0.5]), "loss_type": loss, "precompute_ref_log_probs": rng.random() < 0.3}}


def lora(rng, format, family):
    made = {
        "r": rng.randint(1, 6),
        "lora_alpha": rng.randint(1, 16),
        "use_rslora": rng.random() < 0.3,
        "use_dora": rng.random() < 0.3,
        "bias": rng.choice(["none", "none", "all", "lora_only"]),
    }
    # PEFT has no biases beside DoRA; TRL leaves trained ones in its reference.
    if made["use_dora"] or format == "preference":
        made["bias"] = "none"
    linear = LINEAR.get("bert" if family == "roberta" else family, LINEAR["llama"])
    # PEFT adapts the heads of classifiers as well then, and refuses some of them.
    if format not in CLASSIFIED and rng.random() < 0.3:
        return {**made, "target_modules": "all-linear"}
    targets = sorted(rng.sample(linear, rng.randint(1, len(linear))))
    made["target_modules"] = targets
    if rng.random() < 0.2:
        made["rank_pattern"] = {rng.choice(targets): rng.randint(1, 5)}
    if rng.random() < 0.2:
        made["alpha_pattern"] = {rng.choice(targets): rng.randint(1, 20)}
    if rng.random() < 0.2:
        made["layers_to_transform"] = [0]
    return made


def config(rng, family, longest):
    """Fields of config.json that decide what is computed."""
    heads = rng.choice([1, 2, 4])
    width = rng.choice([4, 8, 12])
    layers = rng.randint(1, 3)
    inner = rng.choice([10, 20])
    if family == "gpt2":
        return {
            "n_positions": longest,
            "n_embd": heads * width,
            "n_head": heads,
            "n_layer": layers,
            "n_inner": rng.choice([None, inner]),
            "activation_function": rng.choice(["gelu_new", "gelu", "relu", "silu", "gelu_pytorch_tanh"]),
            "layer_norm_epsilon": rng.choice([1e-5, 1e-3]),
            "scale_attn_weights": rng.random() < 0.8,
        }
    if family == "distilbert":
        return {
            "dim": heads * width,
            "n_heads": heads,
            "n_layers": layers,
            "hidden_dim": inner,
            "activation": rng.choice(["gelu", "relu"]),
            "sinusoidal_pos_embds": rng.random() < 0.2,
        }
    shape = {"hidden_size": heads * width, "num_attention_heads": heads, "num_hidden_layers": layers, "intermediate_size": inner}
    if family in ENCODERS:
        return {
            **shape,
            "hidden_act": rng.choice(["gelu", "relu", "silu", "gelu_new", "gelu_pytorch_tanh"]),
            "layer_norm_eps": rng.choice([1e-12, 1e-3]),
            "type_vocab_size": rng.choice([1, 2, 3]),
        }
    fields = gemma_fields(rng, family) if family.startswith("gemma") else llama_fields(rng, family, layers)
    return {
        **shape,
        "max_position_embeddings": longest,
        "num_key_value_heads": rng.choice([n for n in (1, 2, 4) if heads % n == 0]),
        "head_dim": rng.choice([width, 2, 4, 8]),
        "rms_norm_eps": rng.choice([1e-6, 1e-3]),
        **fields,
    }


def gemma_fields(rng, family):
    if family == "gemma":
        return {}
    return {
        "sliding_window": rng.choice([2, 5, 30]),
        "query_pre_attn_scalar": rng.choice([4, 10]),
        "final_logit_softcapping": rng.choice([None, 2.0]),
        **({"attn_logit_softcapping": rng.choice([None, 3.0])} if family == "gemma2" else {}),
    }


def llama_fields(rng, family, layers):
    fields = {"tie_word_embeddings": rng.random() < 0.5}
    if family.startswith("llama"):
        fields.update(attention_bias=rng.random() < 0.5, mlp_bias=rng.random() < 0.5)
    if family == "mistral":
        fields["sliding_window"] = rng.choice([None, 2, 5, 30])
    if family == "qwen2-window":
        fields.update(sliding_window=rng.choice([2, 5]), max_window_layers=rng.randint(0, layers))
    if family != "llama3":
        kinds = [
            {"rope_type": "default"},
            {"rope_type": "linear", "factor": 2.0},
            {"rope_type": "dynamic", "factor": 2.0},
            {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 8},
        ]
        fields["rope_parameters"] = {**rng.choice(kinds), "rope_theta": rng.choice([10000.0, 50.0])}
    return fields


def arguments(rng):
    """TrainingArguments, and `early_stopping_patience`."""
    schedule = rng.choice(list(SCHEDULES))
    train = {
        "per_device_train_batch_size": rng.randint(1, 5),
        "per_device_eval_batch_size": rng.randint(1, 5),
        "gradient_accumulation_steps": rng.choice([1, 1, 2, 3, 4]),
        "learning_rate": 10 ** rng.uniform(-4.5, -2.5),
        "weight_decay": rng.choice([0.0, 0.01, 0.3]),
        "max_grad_norm": rng.choice([0.0, 0.1, 1.0, 5.0]),
        "lr_scheduler_type": schedule,
        "warmup_steps": rng.choice([0, 0, 1, 3, 0.1, 0.25]),
        "logging_steps": rng.choice([1, 2, 3, 5, 0.3]),
        "dataloader_drop_last": rng.random() < 0.3,
        "gradient_checkpointing": rng.random() < 0.2,
        "optim": rng.choice(["adamw_torch", "adamw_torch", "adafactor"]),
        "eval_on_start": rng.random() < 0.2,
        "train_sampling_strategy": "sequential",
        "adam_beta1": rng.choice([0.9, 0.8]),
        "adam_beta2": rng.choice([0.999, 0.95]),
        "adam_epsilon": rng.choice([1e-8, 1e-6]),
    }
    more = SCHEDULES[schedule](rng)
    if more:
        train["lr_scheduler_kwargs"] = more
    if rng.random() < 0.35:
        train["max_steps"] = rng.randint(2, 14)
    else:
        train["num_train_epochs"] = rng.choice([1, 2, 3, 0.6, 1.5, 2.3])
    return {**train, **evaluating_and_saving(rng)}


def evaluating_and_saving(rng):
    strategies = ["no", "steps", "epoch"]
    often = [1, 2, 3, 0.4]
    strategy = rng.choice(strategies)
    train = {"eval_strategy": strategy, "save_strategy": strategy if rng.random() < 0.6 else rng.choice(strategies)}
    if strategy == "steps":
        train["eval_steps"] = rng.choice(often)
    if train["save_strategy"] == "steps":
        train["save_steps"] = train.get("eval_steps", rng.choice(often))
    if rng.random() < 0.5:
        train["save_total_limit"] = rng.randint(1, 3)
    if strategy != "no" and train["save_strategy"] == strategy and rng.random() < 0.6:
        train["load_best_model_at_end"] = True
        if rng.random() < 0.5:
            train["early_stopping_patience"] = rng.randint(1, 3)
    return train
