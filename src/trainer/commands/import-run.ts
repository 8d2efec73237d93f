import { writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import type { RunEventBody } from '../../protocol/events.ts';
import { TunebookError } from '../../protocol/error.ts';
import { RUN_FILES, RUN_FORMAT_VERSION, type RunManifest } from '../../protocol/run.ts';
import { createRunDirectory } from '../../runs/create.ts';
import { createRunId } from '../../runs/id.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { workspaceOf } from '../command-line/run-argument.ts';
import { readForeign, type ForeignRun } from '../import-run/read-foreign.ts';
import { versions } from '../launch/versions.ts';

/** `tunebook import-run FOLDER`: what another tool wrote down of a training, as a run beside our own. */
export async function importRun(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal, positionals } = input;
  const folder = resolve(positionals[0] ?? '');
  const foreign = readForeign(folder);
  if (foreign.metrics.length === 0)
    throw new TunebookError('import/nothing', `${folder} holds no numbers.`, {
      hint: 'The training had not logged anything yet.',
      location: { file: folder },
    });
  const manifest = manifestOf(foreign, folder, flags.name);
  const dir = createRunDirectory(workspaceOf(input), manifest, (unfinished) =>
    writeFileSync(join(unfinished, RUN_FILES.events), eventLines(foreign, folder, manifest.createdAt)),
  );
  const { id, name } = manifest;
  const names = new Set(foreign.metrics.flatMap(({ values }) => Object.keys(values)));
  if (flags.json)
    terminal.printJson({ type: 'imported', run: id, dir, source: foreign.source, metrics: [...names] });
  else {
    terminal.print(
      `${name}: ${names.size} metrics of ${foreign.metrics.length} steps, as ${foreign.source} wrote them.`,
    );
    terminal.print(`Next: tunebook show ${id}`);
  }
  return EXIT.done;
}

function manifestOf(foreign: ForeignRun, folder: string, name = basename(folder)): RunManifest {
  const now = new Date();
  const config = { imported: { from: folder, source: foreign.source, ...foreign.settings } };
  return {
    formatVersion: RUN_FORMAT_VERSION,
    id: createRunId(name, now),
    kind: 'run',
    name,
    createdAt: now.toISOString(),
    file: '',
    config,
    configHash: createHash('sha256').update(JSON.stringify(config)).digest('hex'),
    datasets: [],
    versions: versions(),
  };
}

/** Its numbers as events, with the times that are known of them, and an end: nothing of it goes on. */
function eventLines({ metrics, source }: ForeignRun, folder: string, now: string): string {
  const reason = `Imported from ${folder}, as ${source} wrote it.`;
  const bodies: [body: RunEventBody, time: string][] = [
    [{ type: 'state', state: 'running' }, now],
    ...metrics.map(({ time, ...body }): [RunEventBody, string] => [
      body,
      time === undefined ? now : new Date(time).toISOString(),
    ]),
    [{ type: 'state', state: 'finished', reason }, now],
  ];
  return bodies.map(([body, time], i) => `${JSON.stringify({ seq: i + 1, time, ...body })}\n`).join('');
}
