import { resolveRun } from '../../language/resolve.ts';
import type { ResolvedRun } from '../../language/resolved.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { missingSources } from '../hub/sources.ts';
import { openChecked } from '../launch/open-checked.ts';
import { fetchNow, openHub } from '../launch/open-hub.ts';
import { pinRun } from '../launch/pin-sources.ts';
import { checkBestMetric } from '../loop/best-metric.ts';
import { tightMemory } from '../loop/memory.ts';
import { prepareRun } from '../loop/prepare.ts';
import { checkDisk } from '../plan/check-disk.ts';
import { planRun } from '../plan/plan-run.ts';
import { probe } from '../plan/probe.ts';
import { chooseDeviceOf } from '../runtime/devices.ts';
import { commandProgress } from '../terminal/command-progress.ts';
import { describeWarning, shortPath } from '../terminal/describe-error.ts';
import { describePlan } from '../terminal/describe-plan.ts';

/** `tunebook plan FILE [NAME]`: says what a run would do, and whether it fits, without starting it. */
export async function plan(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags, interruption } = input;
  const signal = interruption.toAbortSignal();
  const config = await openChecked(input, 'run', signal);
  if (!config) return EXIT.wrongInput;
  const { hub } = openHub(input, signal);
  const run = await pinRun(resolveRun(config.project, config.document), config.workspace, hub);
  checkBestMetric(run);
  await fetchNow(input, hub, missingSources(run));
  const warn = (warning: { code: string; message: string; hint?: string | undefined }) =>
    terminal.printError(describeWarning(warning, terminal.errorStyle));
  const progress = commandProgress(input, 'tokenize');
  const chosen = await chooseDeviceOf(run);
  const prepared = await prepareRun(run, {
    device: chosen.device,
    signal,
    onProgress: (phase, rows) => progress({ type: 'progress', phase, done: rows, total: rows }),
    onWarning: (code, message, hint) => warn({ code, message, hint }),
  });
  const tight = tightMemory(run, prepared.demand);
  if (tight) warn(tight);
  const wanted = !flags['no-probe'];
  // Steps that page memory out tell nothing about time, and what the system ends tells nothing at all.
  const measures = wanted && (!tight || flags.probe === true);
  const planned = {
    ...planRun(run, prepared, chosen),
    ...(wanted && !measures && { notMeasured: whyNotMeasured(run) }),
  };
  checkDisk(run, planned, config.workspace);
  // Tokens and downloads, which end in an orderly way, are done: the steps leave nothing behind.
  await interruption.stopListening();
  if (measures && (flags.json || !terminal.interactive))
    terminal.printError('Measuring a few steps, which are forgotten (--no-probe leaves them out).');
  const measured = measures
    ? { ...planned, probe: await probe(run, prepared, chosen, { event: progress }) }
    : planned;
  terminal.setBar('');
  if (flags.json) terminal.printJson(measured);
  else terminal.print(describePlan(measured, terminal.style));
  return EXIT.done;
}

function whyNotMeasured({ name, file }: ResolvedRun): string {
  return `Time and memory were not measured: the steps need more memory than is free. \`tunebook plan ${shortPath(file)} ${name} --probe\` takes them all the same.`;
}
