import type { RunMeta } from '../../protocol/run.ts';
import { changeMeta, readMeta } from '../../runs/meta.ts';
import type { CommandInput, Flags } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** `tunebook label RUN`: what a person says of a run. */
export async function label(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal } = input;
  if (flags.pin && flags.unpin) throw new UsageError('--pin and --unpin contradict each other.', 'label');
  const { id, dir } = runOf(input);
  const before = readMeta(dir);
  const change = changeOf(flags, before);
  const meta = Object.keys(change).length === 0 ? before : changeMeta(dir, change);
  if (flags.json) terminal.printJson({ type: 'label', run: id, dir, ...meta });
  else for (const line of describeMeta(id, meta)) terminal.print(line);
  return EXIT.done;
}

function changeOf(flags: Flags, { tags = [] }: RunMeta): Partial<RunMeta> {
  const { name, note, tag = [], untag = [] } = flags;
  return {
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { notes: note }),
    ...(flags.pin ? { pinned: true } : {}),
    ...(flags.unpin ? { pinned: false } : {}),
    ...(tag.length + untag.length === 0
      ? {}
      : { tags: [...tags, ...tag].filter((each) => !untag.includes(each)) }),
  };
}

function describeMeta(id: string, { name, pinned, notes, tags }: RunMeta): string[] {
  return [
    `${id}${name === undefined ? '' : ` is called ${name}`}${pinned ? ' (pinned)' : ''}`,
    ...(tags ? [`  tags   ${tags.join(', ')}`] : []),
    ...(notes === undefined ? [] : [`  notes  ${notes}`]),
  ];
}
