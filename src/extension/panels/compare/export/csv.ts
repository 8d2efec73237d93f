import type { Exported } from './exported.ts';

/** A row an example as RFC 4180 has it: index, source, input, reference, and output, correct, score, latency and cost of each candidate. */
export function* toCsv({ candidates, rows }: Exported): Generator<string> {
  const fields = ['output', 'correct', 'score', 'latency', 'cost'] as const;
  const own = candidates.flatMap((name) => fields.map((field) => `${name}.${field}`));
  yield line(['index', 'source', 'input', 'reference', ...own]);
  for (const { index, source, input, reference, outputs } of rows) {
    const answers = candidates.flatMap((name) => fields.map((field) => String(outputs[name]?.[field] ?? '')));
    yield line([String(index), source, input, reference, ...answers]);
  }
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
