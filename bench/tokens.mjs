/**
 * Reads, tokenises and packs ten million tokens of JSON Lines, and the same text with Hugging Face's `tokenizers` in Python.
 * `node bench/tokens.mjs [--python PATH] [--tokens N]` prints one JSON object a line.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tokenizeLanguageModel } from '../src/trainer/data/language-model.ts';
import { loadTokenizer } from '../src/trainer/data/tokenizer.ts';

const SHARED = fileURLToPath(new URL('../../shared/', import.meta.url));
const TOKENIZER = join(SHARED, 'tokenizers/gpt2');
const { values } = parseArgs({
  options: { python: { type: 'string' }, tokens: { type: 'string', default: '10000000' } },
});

const folder = mkdtempSync(join(tmpdir(), 'tunebook-tokens-'));
try {
  const file = join(folder, 'corpus.jsonl');
  writeCorpus(file, Number(values.tokens));
  console.log(JSON.stringify({ type: 'corpus', bytes: statSync(file).size }));
  console.log(JSON.stringify(await ours(file)));
  if (values.python) console.log(peer(values.python, file).trim());
} finally {
  rmSync(folder, { recursive: true });
}

/** Speeches of Shakespeare over and over, numbered so that no two rows are equal: about 3.4 characters a token. */
function writeCorpus(file, tokens) {
  const text = readFileSync(join(SHARED, 'data/tinyshakespeare/input.txt'), 'utf8');
  const speeches = text.split('\n\n');
  const descriptor = openSync(file, 'w');
  for (let characters = 0, round = 0; characters < 3.4 * tokens; round++) {
    let block = '';
    for (const speech of speeches) {
      const row = `${round}. ${speech}`;
      block += `${JSON.stringify({ text: row })}\n`;
      characters += row.length;
    }
    writeSync(descriptor, block);
  }
  closeSync(descriptor);
}

async function ours(file) {
  const tokenizer = await loadTokenizer(TOKENIZER);
  // What the loading itself left behind is none of the measurement.
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const marks = [];
  let last = 0;
  const start = performance.now();
  const { report, packed } = await tokenizeLanguageModel(
    {
      split: 'train',
      dataset: { name: 'corpus', file, files: { train: [file] }, format: 'text', columns: { text: 'text' } },
    },
    tokenizer,
    {
      max_length: 1024,
      packing: true,
      packing_strategy: 'bfd',
      completion_only_loss: true,
      onProgress: (rows) => {
        if (performance.now() - last < 2000) return;
        last = performance.now();
        marks.push({ rows, rss: Math.round((process.memoryUsage().rss - before) / 2 ** 20) });
      },
    },
  );
  const seconds = (performance.now() - start) / 1000;
  return {
    type: 'ours',
    tokens: report.tokens,
    rows: report.rows,
    packedRows: packed.offsets.length - 1,
    seconds: Number(seconds.toFixed(2)),
    tokensPerSecond: Math.round(report.tokens / seconds),
    megabytesBefore: Math.round(before / 2 ** 20),
    megabytesMore: Math.round((process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20),
    rowsAndMegabytesMore: marks.map(({ rows, rss }) => [rows, rss]),
  };
}

function peer(python, file) {
  const script = fileURLToPath(new URL('../python/bench_tokens.py', import.meta.url));
  return execFileSync(python, [script, file, join(TOKENIZER, 'tokenizer.json')], { encoding: 'utf8' });
}
