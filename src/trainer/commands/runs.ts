import { headline, percentDone, stateWord, timeLeft } from '../../protocol/describe-run.ts';
import { displayMetric } from '../../protocol/display.ts';
import { formatAge, formatMetric } from '../../protocol/format.ts';
import type { RunSummary } from '../../protocol/run.ts';
import { listRuns, pinnedFirst } from '../../runs/list.ts';
import { isFinal, WRITTEN_STATES } from '../../protocol/events.ts';
import type { CommandInput, Flags } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { workspaceOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { readDetails } from '../launch/read-details.ts';
import { paintState } from '../terminal/paint-state.ts';
import { shortPath } from '../terminal/describe-error.ts';
import { formatTable, type Cell } from '../terminal/table.ts';

/** `tunebook runs`: the runs and evaluations of a workspace, newest first. */
export async function runs(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags } = input;
  if (flags.state !== undefined && !STATES.includes(flags.state))
    throw new UsageError(
      `There is no state ${JSON.stringify(flags.state)}. They are ${STATES.join(', ')}.`,
      'runs',
    );
  const workspace = workspaceOf(input);
  const found = pinnedFirst(listRuns(workspace)).filter((each) => isAsked(each, flags));
  if (flags.json) {
    for (const each of found) terminal.printJson(each);
  } else if (found.length === 0) {
    const which = flags.state === undefined && flags.tag === undefined ? '' : ' like that';
    terminal.print(`No runs${which} in ${shortPath(workspace)}. Start one: tunebook run FILE`);
  } else {
    const { style, columns } = terminal;
    const rows = found.map((each): Cell[] => [
      { text: each.id },
      { text: each.kind },
      { text: stateWord(each), paint: paintState(each.state, style) },
      { text: details(each) },
      { text: age(each) },
    ]);
    const layout = { width: columns, flexible: 3, style };
    for (const line of formatTable(['ID', 'KIND', 'STATE', 'DETAILS', 'AGE'], rows, layout))
      terminal.print(line);
  }
  return EXIT.done;
}

/** What may be asked for: a state, or all that go on. */
const STATES: readonly string[] = [...WRITTEN_STATES, 'lost', 'live'];

function isAsked({ state, meta }: RunSummary, { state: asked, tag = [] }: Flags): boolean {
  if (asked !== undefined && !STATES.includes(asked))
    throw new UsageError(
      `There is no state ${JSON.stringify(asked)}. They are ${STATES.join(', ')}.`,
      'runs',
    );
  const fits = asked === undefined || asked === state || (asked === 'live' && !isFinal(state));
  return fits && tag.every((each) => meta?.tags?.includes(each) ?? false);
}

/** How far, how well, or why not. */
function details(run: RunSummary): string {
  const percent = percentDone(run);
  const live = isFinal(run.state)
    ? [run.state === 'finished' || run.step === 0 ? undefined : `step ${run.step}`]
    : [percent === undefined ? undefined : `${percent} %`, timeLeft(run)];
  const why = run.problem ?? run.error?.message ?? (run.state === 'finished' ? undefined : run.reason);
  const said = run.meta?.name === undefined ? undefined : `"${run.meta.name}"`;
  const tags = run.meta?.tags?.map((tag) => `#${tag}`).join(' ');
  return [run.meta?.pinned ? 'pinned' : undefined, said, tags, ...live, headline(run), comparison(run), why]
    .filter((part) => part !== undefined)
    .join(', ')
    .replace(/\s+/g, ' ');
}

/** The first metric of every candidate of an evaluation that has finished. */
function comparison({ kind, state, dir }: RunSummary): string | undefined {
  if (kind !== 'evaluate' || state !== 'finished') return undefined;
  const { result } = readDetails(dir);
  if (!result) return undefined;
  const [metric = ''] = Object.keys(Object.values(result.candidates)[0] ?? {});
  const values = Object.entries(result.candidates).map(
    ([name, metrics]) => `${name} ${formatMetric(metric, metrics[metric]?.value ?? NaN)}`,
  );
  return `${displayMetric(metric)}: ${values.join(', ')}`;
}

function age({ finishedAt, createdAt }: RunSummary): string {
  const ended = Date.parse(finishedAt ?? createdAt);
  return Number.isNaN(ended) ? '' : formatAge(Date.now() - ended);
}
