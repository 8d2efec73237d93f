"""
Makes test/fixtures/chat.json: what transformers' apply_chat_template and TRL's masks make of small conversations.

    python python/make_chat_fixture.py [FILE]

The tokenizer is that of test/fixtures/parity/bert-classifier; the templates stand in the fixture.
"""

import argparse
import json
from pathlib import Path

from transformers import AutoTokenizer

ROOT = Path(__file__).resolve().parent.parent / "test" / "fixtures"

MARKED = (
    "{%- for message in messages %}{{ '[CLS]' + message['role'] + ' ' }}"
    "{%- if message['role'] == 'assistant' %}{% generation %}{{ message['content'] + '[SEP]' }}{% endgeneration %}"
    "{%- else %}{{ message['content'] + '[SEP]' }}{%- endif %}{%- endfor %}"
    "{%- if add_generation_prompt %}{{ '[CLS]assistant ' }}{%- endif %}"
)
# The same without the marks.
PLAIN = MARKED.replace("{% generation %}", "").replace("{% endgeneration %}", "")

CONVERSATIONS = [
    [{"role": "user", "content": "ba be"}, {"role": "assistant", "content": "tu"}],
    [
        {"role": "system", "content": "bo"},
        {"role": "user", "content": "ba"},
        {"role": "assistant", "content": "be bi"},
        {"role": "user", "content": "tu tu"},
        {"role": "assistant", "content": "ba"},
    ],
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "chat.json")
    file = parser.parse_args().file
    tokenizer = AutoTokenizer.from_pretrained(ROOT / "parity" / "bert-classifier")
    cases = []
    for messages in CONVERSATIONS:
        made = tokenizer.apply_chat_template(
            messages, chat_template=MARKED, tokenize=True, return_dict=True, return_assistant_tokens_mask=True
        )
        text = tokenizer.apply_chat_template(messages, chat_template=MARKED, tokenize=False)
        cases.append({"messages": messages, "text": text, "input_ids": made["input_ids"], "assistant_masks": made["assistant_masks"]})
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in {"marked": MARKED, "plain": PLAIN, "cases": cases}.items()]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
