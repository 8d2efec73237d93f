import { checkProject } from '../../language/check.ts';
import { loadProject } from '../../language/load.ts';
import { findDocument, resolveRun, type ResolvedRun, type ResolvedSweep } from '../../language/resolve.ts';
import { schemaAt, schemaOf } from '../../language/schema/navigate.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { CommandInput } from '../command-line/command.ts';
import type { CheckedConfig } from '../launch/open-checked.ts';
import { OverlayHost, setFields } from '../launch/set-fields.ts';
import { describeDiagnostics } from '../terminal/describe-diagnostics.ts';
import { planTrials, type TrialValues } from './plan-trials.ts';
import { valuesWord } from './rank.ts';

/** A run of a sweep, as it is to be trained. */
export interface Trial {
  /** From 0. */
  readonly index: number;
  readonly values: TrialValues;
  readonly run: ResolvedRun;
}

/**
 * Every run of a sweep, each checked like one that a person wrote: a value that does not fit is found before anything starts.
 * What is wrong is printed.
 * @param pin puts what is meant now in place of names that may come to mean something else
 * @throws TunebookError `sweep/wrong-values`, `sweep/no-evaluation`, `config/…`; the signal's reason when aborted
 */
export async function resolveTrials(
  { terminal, flags }: CommandInput,
  { project, workspace, host }: Pick<CheckedConfig, 'project' | 'workspace' | 'host'>,
  sweep: ResolvedSweep,
  { pin, signal }: { pin: (run: ResolvedRun) => Promise<ResolvedRun>; signal: AbortSignal },
): Promise<Trial[]> {
  const { name, file } = sweep.run;
  const text = project.files.get(file)?.text ?? '';
  const combinations = planTrials(sweep, isInteger);
  const digits = String(combinations.length).length;
  const trials: Trial[] = [];
  for (const [index, values] of combinations.entries()) {
    signal.throwIfAborted();
    const overlay = new OverlayHost(
      workspace,
      file,
      setFields(text, { kind: 'run', name, file }, values),
      host,
    );
    const varied = await loadProject([file], overlay);
    // The rest of the file was checked before, or is of no concern.
    const documents = [findDocument(varied, file, 'run', name)];
    const found = await checkProject(varied, [file], overlay, { signal, documents });
    const errors = found.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      if (flags.json) for (const each of errors) terminal.printJson({ type: 'diagnostic', values, ...each });
      terminal.printError(await describeDiagnostics(errors, { style: terminal.errorStyle, project: varied }));
      throw new TunebookError(
        'sweep/wrong-values',
        `The run of ${sweep.name} with ${valuesWord(values)} has ${errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`}. Nothing was started.`,
        { hint: 'Correct the values under `over:`.', location: { file: sweep.file } },
      );
    }
    const run = await pin(resolveRun(varied, findDocument(varied, file, 'run', name)));
    checkEvaluation(run, sweep);
    trials.push({
      index,
      values,
      run: { ...run, name: `${sweep.name}-${String(index + 1).padStart(digits, '0')}` },
    });
  }
  return trials;
}

/** Without an evaluation there is nothing to say which run is best by. */
function checkEvaluation(run: ResolvedRun, { name, metric, file }: ResolvedSweep): void {
  if (run.data.eval) return;
  throw new TunebookError(
    'sweep/no-evaluation',
    `The sweep ${name} looks for the best by ${metric}, and its run ${run.name} evaluates nothing.`,
    { hint: 'Give the run data to evaluate on: `data: { eval: NAME.SPLIT }`.', location: { file } },
  );
}

/** Whether a field of a run takes whole numbers only. */
function isInteger(path: string): boolean {
  return schemaAt(schemaOf('run'), path.split('.'))?.type === 'integer';
}
