import type { CommandSpec } from '../command-line/command.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'run',
    summary: 'train a run of a config file',
    arguments: ['FILE', '[NAME]'],
    flags: ['json', 'id', 'workspace'],
    details:
      'Without NAME the only run of the file is trained. The config is checked first, and nothing is started when it has\n' +
      'errors. Ctrl+C saves a checkpoint and stops; a second one ends it at once. With --json the events of events.jsonl are\n' +
      'printed as they happen, and at the end {"type":"finished","run":…,"dir":…,"state":…,"metrics":{…}}.',
    endsItself: true,
    load: async () => (await import('./run.ts')).run,
  },
];
