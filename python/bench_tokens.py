"""The peer of bench/tokens.mjs: reads JSON Lines and tokenises them with `tokenizers`, a row at a time and in batches."""

import json
import resource
import sys
import time

from tokenizers import Tokenizer

corpus, tokenizer_file = sys.argv[1:]
tokenizer = Tokenizer.from_file(tokenizer_file)


def measure(how, batch_size):
    start = time.perf_counter()
    tokens = rows = 0
    batch = []
    with open(corpus, encoding="utf-8") as file:
        for line in file:
            text = json.loads(line)["text"]
            rows += 1
            if batch_size == 1:
                tokens += len(tokenizer.encode(text).ids)
                continue
            batch.append(text)
            if len(batch) == batch_size:
                tokens += sum(len(each.ids) for each in tokenizer.encode_batch(batch))
                batch = []
    tokens += sum(len(each.ids) for each in tokenizer.encode_batch(batch))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "type": "tokenizers",
        "how": how,
        "tokens": tokens,
        "rows": rows,
        "seconds": round(seconds, 2),
        "tokensPerSecond": round(tokens / seconds),
        "peakMegabytes": peak,
    }


print(json.dumps(measure("batches of 1,000", 1000)))
