import {
  displayMetric,
  displayP,
  displaySize,
  displayValue,
  hasPoints,
} from '../../../../protocol/display.ts';
import type { EvaluationRecord, EvaluationResult } from '../../../../protocol/evaluation.ts';
import type { Exported } from './exported.ts';

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; max-width: 1400px; margin: 2em auto; padding: 0 1em; color: #1f2328; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; } th, td { padding: 4px 10px; border: 1px solid #d0d7de; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: #f6f8fa; } td { white-space: pre-wrap; overflow-wrap: anywhere; }
.wrong { background: #ffebe9; } .right { background: #e6ffec; } .small { color: #57606a; font-size: 0.9em; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } th, td { border-color: #3d444d; } thead th { background: #161b22; }
.wrong { background: #4b1113; } .right { background: #0f3b21; } .small { color: #9198a1; } }`;

/** A report in one file without script, fonts or links: verdict, numbers, pairs, and the rows. */
export function* toHtml(exported: Exported): Generator<string> {
  const { name, candidates, result, rows, isPart } = exported;
  yield `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(name)}</title><style>${STYLE}</style></head><body>
<h1>${escape(name)}</h1>
`;
  if (result) yield* numbers(result);
  yield `<h2>${isPart ? 'Chosen rows' : 'Rows'}</h2>
<table><thead><tr><th scope="col">Row</th><th scope="col">Input</th><th scope="col">Reference</th>${candidates.map((candidate) => `<th scope="col">${escape(candidate)}</th>`).join('')}</tr></thead><tbody>
`;
  for (const record of rows) yield rowOf(record, candidates);
  yield '</tbody></table>\n</body></html>\n';
}

function* numbers({ candidates, pairs, verdict, data }: EvaluationResult): Generator<string> {
  const names = Object.keys(candidates);
  const metrics = [...new Set(names.flatMap((name) => Object.keys(candidates[name] ?? {})))];
  const estimate = (name: string, metric: string) => {
    const found = candidates[name]?.[metric];
    if (!found) return 'not measured';
    return `${displayValue(metric, found.value)} <span class="small">(${displaySize(metric, found.ci[0])} to ${displaySize(metric, found.ci[1])})</span>`;
  };
  yield `<p><b>${escape(verdict)}.</b></p><p class="small">On ${escape(data)}; intervals are 95 %.</p>
<table><thead><tr><th scope="col">Candidate</th>${metrics.map((metric) => `<th scope="col">${escape(displayMetric(metric))}</th>`).join('')}</tr></thead><tbody>
${names.map((name) => `<tr><th scope="row">${escape(name)}</th>${metrics.map((metric) => `<td>${estimate(name, metric)}</td>`).join('')}</tr>`).join('\n')}
</tbody></table>
`;
  if (pairs.length === 0) return;
  yield `<table><thead><tr><th scope="col">Pair</th><th scope="col">Metric</th><th scope="col">Difference</th><th scope="col">95 % CI</th><th scope="col">p (Holm)</th><th scope="col">Test</th></tr></thead><tbody>
${pairs
  .map(({ a, b, metric, difference, ci, pAdjusted, test }) => {
    const points = hasPoints(metric) ? ' points' : '';
    return `<tr><th scope="row">${escape(b)} − ${escape(a)}</th><td>${escape(displayMetric(metric))}</td><td>${displaySize(metric, difference)}${points}</td><td>${displaySize(metric, ci[0])} to ${displaySize(metric, ci[1])}</td><td>${escape(displayP(pAdjusted))}</td><td>${escape(test)}</td></tr>`;
  })
  .join('\n')}
</tbody></table>
`;
}

function rowOf(
  { index, input, reference, outputs }: EvaluationRecord,
  candidates: readonly string[],
): string {
  const answers = candidates.map((name) => {
    const answer = outputs[name];
    if (!answer) return '<td>not answered</td>';
    const word = answer.correct ? 'right' : 'wrong';
    return `<td class="${word}">${escape(answer.output)} <span class="small">${word}</span></td>`;
  });
  return `<tr id="row-${index}"><th scope="row">${index}</th><td>${escape(input)}</td><td>${escape(reference)}</td>${answers.join('')}</tr>\n`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
