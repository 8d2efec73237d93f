"""
Makes test/fixtures/generation.json: what transformers' `generate` answers for the causal models of test/fixtures/families (with and
without their LoRA adapters) and for stories260K, what its logits processors make of logits, and log-likelihoods of continuations.

    python python/make_generation_fixtures.py STORIES260K_FOLDER [FILE]

Everything is computed in float32 on one CPU thread.
"""

import argparse
import json
import random
from pathlib import Path

import peft
import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

ROOT = Path(__file__).resolve().parent.parent / "test" / "fixtures"
FAMILIES = ["gpt2", "llama", "llama3", "mistral", "qwen2", "qwen2-window", "qwen3", "gemma", "gemma2", "gemma3", "gemma3-capped"]
# Two candidates for a token must differ by more than rounding, or nobody could say which one is right.
SMALLEST_GAP = 2e-5

SETTINGS = [
    {"temperature": 0.7},
    {"temperature": 1.8, "top_k": 5},
    {"top_p": 0.8},
    {"top_p": 0.1},
    {"top_p": 1.0, "top_k": 1},
    {"top_k": 500},
    {"min_p": 0.1},
    {"repetition_penalty": 1.3},
    {"repetition_penalty": 0.8, "temperature": 0.5},
    {"repetition_penalty": 1.1, "temperature": 0.9, "top_k": 12, "top_p": 0.9},
    {"no_repeat_ngram_size": 2},
    {"min_new_tokens": 30, "eos_token_id": [3, 7]},
]

STORIES = ["Once upon a time", "Lily and Tom went to the park.", "One day, a big", ""]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", type=Path)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "generation.json")
    args = parser.parse_args()
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    made = {"made_by": {"transformers": transformers.__version__, "peft": peft.__version__, "torch": torch.__version__.split("+")[0]}}
    made["families"] = {name: family(ROOT / "families" / f"{name}-causal") for name in FAMILIES}
    made["stories"] = stories(args.stories)
    made["processors"] = processors()
    args.file.write_text(json.dumps(made, separators=(",", ":")) + "\n")


def family(folder):
    # The attention that transformers takes on its own, sdpa, leaves Gemma 2's soft-capping of scores out.
    eager = {"attn_implementation": "eager"} if folder.name == "gemma2-causal" else {}
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **eager).eval()
    draw = random.Random(7)
    prompts = [[draw.randrange(3, 60) for _ in range(length)] for length in (1, 3, 6, 11, 16)]
    result = {"prompts": prompts, "greedy": answers(model, prompts, {}), "penalised": answers(model, prompts, {"repetition_penalty": 1.5})}
    # An end that the answers really contain, so that some stop before the others.
    eos = result["penalised"][2][4]
    result["eos"] = eos
    result["stopped"] = answers(model, prompts, {"repetition_penalty": 1.5, "eos_token_id": eos})
    result["log_likelihoods"] = [log_likelihood(model, prompt, prompt[::-1][:4]) for prompt in prompts]
    adapted = peft.PeftModel.from_pretrained(model, folder / "lora").eval()
    result["lora"] = answers(adapted, prompts, {"repetition_penalty": 1.5})
    return result


def stories(folder):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    prompts = [tokenizer(text)["input_ids"] for text in STORIES]
    greedy = answers(model, prompts, {}, 40)
    return {
        "texts": STORIES,
        "prompts": prompts,
        "greedy": greedy,
        "decoded": [tokenizer.decode(prompt + ids, skip_special_tokens=True) for prompt, ids in zip(prompts, greedy)],
    }


def answers(model, prompts, settings, length=20):
    # Without this an end that is not given is that of the model's own config.
    model.generation_config.eos_token_id = None
    found = []
    for prompt in prompts:
        ids = torch.tensor([prompt])
        config = GenerationConfig(**{"eos_token_id": None, "pad_token_id": 0, **settings, "do_sample": False, "max_new_tokens": length})
        out = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=config, output_scores=True, return_dict_in_generate=True)
        for scores in out.scores:
            first, second = torch.topk(scores[0], 2).values.tolist()
            assert first - second > SMALLEST_GAP, f"{first} and {second} are too near for {prompt}"
        found.append(out.sequences[0, len(prompt):].tolist())
    return found


def log_likelihood(model, context, continuation):
    """As lm-evaluation-harness has it: the sum of the log-probabilities, and whether greedy generation would say just that."""
    ids = torch.tensor([context + continuation])
    with torch.no_grad():
        scores = torch.log_softmax(model(ids).logits[0], dim=-1)[len(context) - 1 : -1]
    wanted = torch.tensor(continuation)
    total = scores.gather(1, wanted[:, None]).sum().item()
    return {"continuation": continuation, "sum": total, "greedy": bool((scores.argmax(dim=-1) == wanted).all())}


def processors():
    """Scores that are ruled out are null."""
    generator = torch.Generator().manual_seed(3)
    cases = []
    for number, settings in enumerate(SETTINGS):
        logits = torch.randn(1, 40, generator=generator) * 3
        if number % 3 == 1:
            logits[0, 11:15] = logits[0, 11]  # Equal scores.
        prompt = [4, 9, 9, 2]
        ids = [*prompt, 7, 1, 4, 9, 11]
        config = GenerationConfig(**{"do_sample": True, "top_k": 0, "top_p": 1.0, **settings, "max_new_tokens": 50})
        scores = process(config, torch.tensor([ids]), logits, len(prompt))
        listed = [value if value != float("-inf") else None for value in scores[0].tolist()]
        cases.append({"settings": settings, "prompt": prompt, "ids": ids, "logits": logits[0].tolist(), "scores": listed})
    return cases


def process(config, ids, logits, prompt_length):
    folder = ROOT / "families" / "llama-causal"
    model = AutoModelForCausalLM.from_pretrained(folder)
    config, _ = model._prepare_generation_config(config)
    model._prepare_special_tokens(config, False, device="cpu")
    chain = model._get_logits_processor(generation_config=config, input_ids_seq_length=prompt_length, encoder_input_ids=ids, device="cpu")
    return chain(ids, logits)


if __name__ == "__main__":
    main()
