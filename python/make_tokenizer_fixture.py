"""
Makes test/fixtures/tokenizers.json: the ids that Hugging Face's own tokenizers give for texts that tokenizers get wrong.

    python python/make_tokenizer_fixture.py NAME=FOLDER [NAME=FOLDER …] > test/fixtures/tokenizers.json

FOLDER holds tokenizer.json, or vocab.txt of a lower-case BERT. The names are those of test/trainer/tokenizers.test.ts.
"""

import json
import sys
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer
from tokenizers.implementations import BertWordPieceTokenizer

TEXTS = [
    "",
    " ",
    "Make the text larger, please!",
    "who changed this line?",
    "I can't believe it's not O'Reilly's co-op (v2.0) @ 50% off...",
    "  leading, trailing and   inner   spaces  ",
    "tabs\tand\nnew\r\nlines",
    "UPPER lower MiXeD camelCase snake_case kebab-case",
    "Café naïve façade Ångström Škoda résumé",
    "Cafe\u0301 with a combining accent, e\u0301e\u0300",
    "straße STRASSE ẞ",
    "ΟΔΥΣΣΕΥΣ Σίσυφος ς",
    "İstanbul ISPARTA ılık",
    "日本語のテキスト and 中文字符混排 한국어",
    "\U00020000\U0002a6df rare characters",
    "emoji 😀 👩‍👩‍👧‍👦 🇩🇪 ❤️",
    "control\u0000 characters\u0007 and \u200bzero\u200dwidth \ufeffmarks",
    "no-break\u00a0space, thin\u2009space, ideographic\u3000space",
    "“quotes” ‘single’ – dash — em … ellipsis • bullet",
    "https://example.com/a/b?q=1&r=%20#frag user@example.org",
    "1234567890 3.14159 1,000,000 0x1F 2026-11-25T10:00:00Z",
    "€100 £20 ¥3000 ₿0.5 ½ ² ³ №",
    "Supercalifragilisticexpialidocious pneumonoultramicroscopicsilicovolcanoconiosis",
    "a" * 150,
    "xqzjkvwpf zzzzqqq",
    "[CLS] literal [MASK] and [SEP] in a text, [mask] too",
    "<|endoftext|> and <s> </s> <unk>",
    "def f(x):\n    return x ** 2  # comment\n",
    "Привет, мир! Ёлка и йод",
    "नमस्ते दुनिया",
    "مرحبا بالعالم",
    "שָׁלוֹם עוֹלָם",
    "lo lo tu tu na ru de xx",
    "don't DON'T we'll they've I'm",
    "!!!???...,,,;;;:::",
    "\u2028line\u2029separators",
    "mathematical 𝐛𝐨𝐥𝐝 and ﬁ ligature",
]

PAIRS = [["how do I rename?", "rename a symbol"], ["", "second alone"], ["a b c d e f g h", "one two"]]


def load(folder):
    folder = Path(folder)
    if (folder / "tokenizer.json").exists():
        made = Tokenizer.from_file(str(folder / "tokenizer.json"))
        made.no_padding()
        made.no_truncation()
        return made
    return BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)._tokenizer


def describe(made):
    def encoded(*texts):
        encoding = made.encode(*texts)
        return {"ids": encoding.ids, "types": encoding.type_ids}

    whole = {
        "vocab_size": max(made.get_vocab().values()) + 1,
        "ids": [made.encode(text).ids for text in TEXTS],
        "bare": [made.encode(text, add_special_tokens=False).ids for text in TEXTS],
        "pairs": [encoded(*pair) for pair in PAIRS],
        "decoded": [made.decode(made.encode(text).ids, skip_special_tokens=True) for text in TEXTS],
    }
    made.enable_truncation(8)
    whole["cut_to_8"] = [made.encode(text).ids for text in TEXTS]
    whole["pairs_cut_to_8"] = [encoded(*pair) for pair in PAIRS]
    made.no_truncation()
    return whole


def main():
    folders = dict(argument.split("=", 1) for argument in sys.argv[1:])
    made = {"made_by": {"tokenizers": tokenizers.__version__}, "texts": TEXTS, "pairs": PAIRS}
    made["tokenizers"] = {name: describe(load(folder)) for name, folder in folders.items()}
    print(json.dumps(made, ensure_ascii=True, separators=(",", ":")))


if __name__ == "__main__":
    main()
