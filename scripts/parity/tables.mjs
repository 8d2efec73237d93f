/**
 * The checks as Markdown: one table of trainings, a row each, and one of everything else.
 * @param {{ check: string, what: string, deviation: number, bound: number, problem?: string, ok: boolean }[]} rows
 * @returns {string}
 */
export function tablesOf(rows) {
  const trainings = new Map();
  const others = [];
  for (const row of rows) {
    const [, kind, steps] = /^(loss|grad_norm|logits)(?:, (\d+) steps|, merged)$/.exec(row.what) ?? [];
    if (!kind) {
      others.push(row);
      continue;
    }
    const training = trainings.get(row.check) ?? { cells: {}, ok: true };
    trainings.set(row.check, training);
    if (steps) training.steps = steps;
    training.cells[steps ? kind : 'merged'] = shown(row);
    training.ok &&= row.ok;
  }
  const kinds = ['loss', 'grad_norm', 'logits', 'merged'];
  return [
    table(
      ['training', 'steps', ...kinds, 'holds'],
      [...trainings].map(([check, { steps, cells, ok }]) => [
        check,
        steps,
        ...kinds.map((kind) => cells[kind] ?? ''),
        ok ? 'yes' : 'NO',
      ]),
    ),
    table(
      ['check', 'of what', 'deviation', 'bound', 'holds'],
      others.map((row) => [
        row.check,
        row.what,
        shown(row),
        row.bound === 0 ? '0' : row.bound.toExponential(0),
        row.ok ? 'yes' : 'NO',
      ]),
    ),
  ].join('\n\n');
}

function shown({ problem, deviation }) {
  return problem ?? (Number.isInteger(deviation) ? String(deviation) : deviation.toExponential(1));
}

function table(head, cells) {
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((cell) => cell[i].length)));
  const line = (cell) => `| ${cell.map((text, i) => text.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
