import { elapsed, stateWord } from '../../protocol/describe-run.ts';
import { systemWords } from '../../protocol/describe-system.ts';
import { formatAge, formatDuration, formatNumber } from '../../protocol/format.ts';
import { fromWire } from '../../protocol/numbers.ts';
import { formatEvaluation } from '../evaluate/table.ts';
import type { RunDetails } from '../launch/read-details.ts';
import { shortPath } from './describe-error.ts';
import { metricsTable } from './metrics-table.ts';
import { paintState } from './paint-state.ts';
import type { Style } from './style.ts';

/** A run as `tunebook show` prints it. */
export function describeDetails(details: RunDetails, style: Style): string[] {
  const state = paintState(details.state, style)(stateWord(details));
  const facts = factsOf(details).filter((fact): fact is [string, string] => fact[1] !== undefined);
  const width = Math.max(...facts.map(([name]) => name.length));
  const metrics = Object.entries(details.metrics).map(([name, value]) => [name, fromWire(value)] as const);
  return [
    `${style.bold(details.name)}  ${state}`,
    ...facts.map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${value}`),
    ...section('Error', errorLines(details), style),
    ...section('Warnings', warningLines(details), style),
    ...section('Metrics', metricsTable(Object.fromEntries(metrics)), style),
    ...section('Evaluation', details.result ? formatEvaluation(details.result).split('\n') : [], style),
    ...section('Files', fileLines(details), style),
  ];
}

function factsOf(details: RunDetails): [string, string | undefined][] {
  const { manifest, device, progress, problem } = details;
  const seconds = elapsed(details);
  const started = Date.parse(details.createdAt);
  const data = manifest?.datasets
    .map(({ name, split, rows }) => `${name}.${split} (${rows} rows)`)
    .join(', ');
  return [
    ['id', details.id],
    ['called', details.meta?.name],
    ['tags', details.meta?.tags?.join(', ')],
    ['notes', details.meta?.notes],
    ['from', parentWords(details)],
    ['kind', details.kind],
    ['problem', problem],
    ['reason', details.reason],
    ['config', details.file || undefined],
    ['config hash', manifest?.configHash.slice(0, 12)],
    [
      'started',
      Number.isNaN(started) ? undefined : `${details.createdAt} (${formatAge(Date.now() - started)})`,
    ],
    ['took', seconds === undefined || details.state === 'lost' ? undefined : formatDuration(seconds)],
    ['device', device && `${device.device}: ${device.description} (${device.reason})`],
    ['model', manifest?.model && shortPath(manifest.model.base)],
    ['data', data || undefined],
    ['progress', progress && `${progress.phase} ${progress.done}/${progress.total}${epochOf(details)}`],
    ['machine', details.system && systemWords(details.system)],
    ['seed', manifest?.seed === undefined ? undefined : String(manifest.seed)],
    [
      'git',
      manifest?.git && `${manifest.git.commit.slice(0, 12)}${manifest.git.dirty ? ', with changes' : ''}`,
    ],
    [
      'versions',
      manifest &&
        Object.entries(manifest.versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
    ],
  ];
}

function parentWords({ parent }: RunDetails): string | undefined {
  if (!parent) return undefined;
  if (parent.as === 'sweep') return `the sweep ${parent.id}`;
  return parent.step ? `checkpoint-${parent.step} of ${parent.id}` : `the beginning of ${parent.id}`;
}

function epochOf({ kind, epoch }: RunDetails): string {
  return kind === 'run' ? `, epoch ${formatNumber(epoch, 3)}` : '';
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : ['', style.bold(title), ...lines];
}

function errorLines({ error }: RunDetails): string[] {
  if (!error) return [];
  return [
    `  ${error.message} [${error.code}]`,
    ...(error.hint === undefined ? [] : [`  next: ${error.hint}`]),
  ];
}

function warningLines({ warningEvents }: RunDetails): string[] {
  return warningEvents.flatMap(({ code, message, hint }) => [
    `  ${message} [${code}]`,
    ...(hint === undefined ? [] : [`    next: ${hint}`]),
  ]);
}

function fileLines({ dir, paths }: RunDetails): string[] {
  const { output, log, records, checkpoints } = paths;
  return [dir, output, ...checkpoints, records, log]
    .filter((path) => path !== undefined)
    .map((path) => `  ${shortPath(path)}`);
}
