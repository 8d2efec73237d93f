"""Tiny BERT models with random weights, and a tokenizer for them, written as Hugging Face folders."""

import csv
import json

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification

from .rows import CLS, LABELS, PAD, SEP, SPECIAL, VOCAB_SIZE, vocabulary

MAX_LENGTH = 40


def config(hidden_act="gelu", **more):
    """Two layers, four heads, 32 wide, no dropout."""
    return BertConfig(
        vocab_size=VOCAB_SIZE,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=MAX_LENGTH,
        hidden_act=hidden_act,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        classifier_dropout=0.0,
        pad_token_id=PAD,
        **more,
    )


def randomise(model, seed):
    """
    Draws every weight anew, biases and norms too, so that no term of the backward pass is zero or one by accident.
    The padding row of the word embedding is drawn as well: its gradient is zero in torch whatever stands there.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            if name.endswith("LayerNorm.weight"):
                parameter.copy_(1 + 0.1 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.1 * noise)
            else:
                parameter.copy_(0.15 * noise)
    return model


def classifier(seed=1):
    labels = dict(enumerate(LABELS))
    made = BertForSequenceClassification(config(id2label=labels, label2id={name: i for i, name in labels.items()}))
    return randomise(made, seed)


def with_activation(model, hidden_act):
    """The same weights with another activation between the dense layers."""
    changed = type(model)(config(hidden_act=hidden_act, id2label=model.config.id2label, label2id=model.config.label2id))
    changed.load_state_dict(model.state_dict())
    return changed


def masked_lm(seed=2):
    return randomise(BertForMaskedLM(config()), seed)


def save_tokenizer(folder):
    """A WordPiece tokenizer of whole words in BERT's manner: tokenizer.json and tokenizer_config.json."""
    tokenizer = Tokenizer(models.WordPiece(vocabulary(), unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)],
    )
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.save(str(folder / "tokenizer.json"))
    names = dict(zip(["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"], SPECIAL))
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": MAX_LENGTH, **names}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1) + "\n")
    return tokenizer


def save_rows_as_csv(path, rows, tokenizer):
    """
    Writes the rows as text and label, so that a run config can name them, and proves that the tokenizer reads each
    text back to the ids that the reference was computed from.
    """
    texts = {index: word for word, index in vocabulary().items()}
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "label"])
        for row in rows:
            text = " ".join(texts[index] for index in row["input_ids"][1:-1])
            assert tokenizer.encode(text).ids == row["input_ids"], text
            writer.writerow([text, LABELS[row["label"]]])
