import { formatNumber, formatPercent } from '../../protocol/format.ts';
import type { DataFacts, ModelFacts } from '../../protocol/inspect.ts';

const SHOWN_LABELS = 8;
const SHOWN_PROBLEMS = 3;
const LONGEST_CELL = 80;

/** What a file or several hold: rows, columns, three examples, how often each label stands there. */
export function dataMarkdown(facts: DataFacts): string {
  const { rows, columns, partial } = facts;
  const read = partial ? ` in the first ${formatNumber(partial.readBytes / 2 ** 20, 3)} MB` : '';
  const head = `${count(rows, 'row')}${read} · columns ${columns.map(code).join(', ') || 'none'}`;
  return [head, examplesTable(facts), labelLines(facts), problemLines(facts)].filter(Boolean).join('\n\n');
}

/** What a model folder holds. */
export function modelMarkdown(facts: ModelFacts): string {
  const lines = [
    `\`${facts.model_type}\` · ${formatNumber(facts.parameters)} parameters`,
    `- width ${facts.hidden_size}\n- reads up to ${facts.max_position_embeddings} tokens`,
  ];
  if (facts.modules.length > 0)
    lines.push(`Modules for \`target_modules\`: ${facts.modules.map(code).join(', ')}`);
  return [...lines, problemLines(facts)].filter(Boolean).join('\n\n');
}

function examplesTable({ columns, examples }: DataFacts): string {
  if (examples.length === 0 || columns.length === 0) return '';
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(columns.map(cell)),
    row(columns.map(() => '---')),
    ...examples.map((example) => row(columns.map((name) => cell(example[name] ?? '')))),
  ].join('\n');
}

/** The most frequent labels with their share, and the rarest where they are more. */
function labelLines({ labels }: DataFacts): string {
  const sorted = Object.entries(labels ?? {}).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = sorted.reduce((sum, [, rows]) => sum + rows, 0);
  const rarest = sorted.at(-1);
  if (!rarest || total === 0) return '';
  const shown = sorted.slice(0, SHOWN_LABELS).map(([label, rows]) => {
    return `- ${code(label)} ${formatNumber(rows)} (${formatPercent(rows / total)})`;
  });
  const rest = sorted.length - shown.length;
  if (rest > 0)
    shown.push(`- … and ${rest} more, the rarest ${code(rarest[0])} with ${formatNumber(rarest[1])}`);
  return `${count(sorted.length, 'label')}:\n\n${shown.join('\n')}`;
}

function problemLines({ problems }: Pick<DataFacts, 'problems'>): string {
  const lines = problems.slice(0, SHOWN_PROBLEMS).map(({ message }) => `- ${escape(message)}`);
  if (problems.length > SHOWN_PROBLEMS) lines.push(`- … and ${problems.length - SHOWN_PROBLEMS} more`);
  return lines.length === 0 ? '' : `What is wrong with it:\n\n${lines.join('\n')}`;
}

function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A text as one cell of a Markdown table. */
function cell(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return escape(line.length > LONGEST_CELL ? `${line.slice(0, LONGEST_CELL - 1)}…` : line);
}

/** Data is shown as it is, whatever Markdown would make of it. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&$]/g, '\\$&').replace(/\r?\n/g, ' ');
}

function code(text: string): string {
  return `\`${text.replace(/[`\r\n]+/g, ' ')}\``;
}
