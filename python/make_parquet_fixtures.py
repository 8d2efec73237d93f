"""Writes test/fixtures/parquet: small files as pyarrow (and so `datasets`) writes them, with every codec."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

OUT = Path(__file__).parent.parent / "test/fixtures/parquet"
OUT.mkdir(parents=True, exist_ok=True)

rows = [
    {
        "text": f"row {i} – ä" if i % 5 else "",
        "label": i % 3,
        "score": i / 4,
        "messages": [{"role": "user", "content": f"q{i}"}, {"role": "assistant", "content": f"a{i}"}][: 1 + i % 2],
        "tokens": ["w"] * (i % 3),
        "meta": {"id": 2**53 + i, "ok": i % 2 == 0} if i % 4 else None,
    }
    for i in range(50)
]
table = pa.Table.from_pylist(rows)
for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    pq.write_table(table, OUT / f"rows-{codec}.parquet", compression=codec, row_group_size=20)
(OUT / "rows.json").write_text(json.dumps(rows[:4] + rows[-1:]) + "\n")

# The rows of the parity fixture, in two shards as `datasets` pushes them to the Hub.
intents = pa.csv.read_csv(OUT.parent / "parity/bert-classifier/train.csv")
half = len(intents) // 2
for shard, part in enumerate([intents.slice(0, half), intents.slice(half)]):
    pq.write_table(part, OUT / f"intents-{shard:05}-of-00002.parquet")

# Ids of classes with their names, as `datasets` keeps ClassLabel columns: alone and in a list; -1 is no class.
names = ["negative", "positive", "mixed"]
emotions = ["joy", "anger"]
info = {
    "info": {
        "features": {
            "text": {"dtype": "string", "_type": "Value"},
            "label": {"names": names, "_type": "ClassLabel"},
            "labels": {"feature": {"names": emotions, "_type": "ClassLabel"}, "_type": "Sequence"},
        }
    }
}
classes = pa.table({"text": ["ba", "be", "bi", "bo"], "label": [2, 0, 1, 0], "labels": [[1], [0, 1], [], [0]]})
pq.write_table(classes.replace_schema_metadata({"huggingface": json.dumps(info)}), OUT / "classes.parquet")
unlabelled = classes.set_column(1, "label", pa.array([2, 0, -1, 7]))
pq.write_table(unlabelled.replace_schema_metadata({"huggingface": json.dumps(info)}), OUT / "classes-unlabelled.parquet")
