import type { CommandSpec } from '../command-line/command.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'check',
    summary: 'say what is wrong with configs, their data and their models',
    arguments: ['FILE…'],
    flags: ['json', 'sarif', 'workspace'],
    details:
      'Nothing is started. Of a folder every *.tune.yaml and *.tunebook.md in it is checked. With --json one object a line:\n' +
      'file, line, column, endLine, endColumn, severity, code, message, fixes. With --sarif one SARIF log, its paths relative\n' +
      'to the folder that it is called in. Warnings alone do not change the exit code.',
    endsItself: true,
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'plan',
    summary: 'say what a run would do, how long it would take, and whether it fits',
    arguments: ['FILE', '[NAME]'],
    flags: ['set', 'json', 'probe', 'no-probe', 'workspace'],
    details:
      'Steps, tokens, what is cut off, parameters, memory, disk, time, and the first rows as the model sees them. A few steps\n' +
      'are taken to measure by, and forgotten; nothing is started. A run that cannot fit is refused with what would fit.',
    endsItself: true,
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'import',
    summary:
      'make a config of one for Axolotl, LLaMA-Factory, torchtune, TRL, of a Hugging Face script, or of the command that starts one',
    arguments: ['FILE'],
    flags: ['output', 'from', 'json'],
    details:
      'NAME.tune.yaml is written beside FILE, unless there is one. What has no counterpart is named, with the reason, on the\n' +
      'terminal and in the new file. A script is read, not run.',
    load: async () => (await import('./import.ts')).importSettings,
  },
  {
    name: 'run',
    summary: 'train a run or a sweep of a config, or carry out a notebook',
    arguments: ['FILE', '[NAME]'],
    flags: ['json', 'id', 'workspace', 'cell', 'set', 'output', 'force'],
    details:
      'Of a notebook (*.tunebook.md) all cells are carried out in their order, and the result of each is written below it. A\n' +
      'cell whose inputs have not changed since its result is not run again. The first that fails ends it.\n' +
      'Without NAME the only run of the file is trained. NAME may be a `sweep:`: its runs are trained one by one. The config is\n' +
      'checked first, and nothing is started when what the run uses has errors. Ctrl+C saves a checkpoint and stops; a second\n' +
      'one ends it at once. Closing the terminal does neither: the run goes on, and `tunebook stop` stops it. With --json the\n' +
      'events of events.jsonl are printed as they happen, and at the end\n' +
      ' {"type":"finished","run":…,"dir":…,"state":…,"metrics":{…}}.',
    endsItself: true,
    outlivesTerminal: true,
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'evaluate',
    summary: 'compare the candidates of an evaluation of a config',
    arguments: ['FILE', '[NAME]'],
    flags: ['set', 'json', 'id', 'workspace'],
    details:
      'Without NAME the only evaluation of the file is carried out. With --json the events are printed as they happen, and at\n' +
      'the end the result: {"type":"result","candidates":…,"pairs":…,"verdict":…}.',
    endsItself: true,
    outlivesTerminal: true,
    load: async () => (await import('./evaluate.ts')).evaluate,
  },
  {
    name: 'generate',
    summary: 'let a causal model go on from a prompt',
    arguments: ['MODEL'],
    flags: [
      'prompt',
      'max-new-tokens',
      'temperature',
      'top-p',
      'top-k',
      'repetition-penalty',
      'stop',
      'seed',
      'raw',
      'json',
      'workspace',
    ],
    details:
      'MODEL is a folder in Hugging Face layout (a model or a PEFT adapter), run:NAME for the newest finished run of that name, or\n' +
      'hf:OWNER/NAME from the Hugging Face Hub. A model with a chat template gets the prompt as a message of the user. What\n' +
      'is not given comes from its generation_config.json. The text is printed as it comes; with --json its pieces as\n' +
      '{"type":"text","text":…}, and at the end {"type":"generation","text":…,"finish":…,"tokens":…}.',
    endsItself: true,
    load: async () => (await import('./generate.ts')).generateCommand,
  },
  {
    name: 'resume',
    summary: 'go on with a run or an evaluation that stopped, failed or was killed',
    arguments: ['RUN'],
    flags: ['json', 'workspace'],
    details:
      'It goes on from its newest checkpoint, with the config it was started with, and refuses when its data or its model\n' +
      'have changed. RUN is an id, the beginning of one, or a name (then the newest of that name).',
    endsItself: true,
    outlivesTerminal: true,
    load: async () => (await import('./resume.ts')).resume,
  },
  {
    name: 'runs',
    summary: 'list runs and evaluations, newest first',
    arguments: [],
    flags: ['state', 'tag', 'json', 'workspace'],
    details: 'Pinned ones come first. With several tags those that have all of them.',
    load: async () => (await import('./runs.ts')).runs,
  },
  {
    name: 'show',
    summary: 'show all that is known of a run or an evaluation',
    arguments: ['RUN'],
    flags: ['json', 'workspace'],
    details: 'RUN is an id, the beginning of one, or a name (then the newest of that name).',
    load: async () => (await import('./show.ts')).show,
  },
  {
    name: 'logs',
    summary: 'print what a run printed',
    arguments: ['RUN'],
    flags: ['follow', 'workspace'],
    details: 'RUN is an id, the beginning of one, or a name (then the newest of that name).',
    load: async () => (await import('./logs.ts')).logs,
  },
  {
    name: 'stop',
    summary: 'ask a run to save a checkpoint and stop',
    arguments: ['RUN'],
    flags: ['grace', 'json', 'workspace'],
    details: 'RUN is an id, the beginning of one, or a name (then the newest of that name).',
    load: async () => (await import('./stop.ts')).stop,
  },
  {
    name: 'pause',
    summary: 'let a run hold on, with its memory as it is',
    arguments: ['RUN'],
    flags: ['json', 'workspace'],
    details:
      'It saves a checkpoint and lets the next run have its device. `tunebook resume RUN` lets it go on.',
    load: async () => (await import('./pause.ts')).pause,
  },
  {
    name: 'restart',
    summary: 'start a run once more, from its beginning or from a checkpoint',
    arguments: ['RUN'],
    flags: ['checkpoint', 'json', 'id', 'workspace'],
    details:
      'A new run with the config that RUN was started with, also where the file is another one by now. RUN stays as it is.',
    endsItself: true,
    outlivesTerminal: true,
    load: async () => (await import('./restart.ts')).restart,
  },
  {
    name: 'duplicate',
    summary: 'start the document of a run again, with other values',
    arguments: ['RUN'],
    flags: ['set', 'json', 'id', 'workspace'],
    details: 'The document as its file has it now. One of a sweep keeps the values that it had there.',
    endsItself: true,
    outlivesTerminal: true,
    load: async () => (await import('./duplicate.ts')).duplicate,
  },
  {
    name: 'label',
    summary: 'name, pin, tag a run, or make a note of it',
    arguments: ['RUN'],
    flags: ['name', 'note', 'tag', 'untag', 'pin', 'unpin', 'json', 'workspace'],
    details: 'Kept in meta.json of its folder. Without a flag it says what there is.',
    load: async () => (await import('./label.ts')).label,
  },
  {
    name: 'queue',
    summary: 'show which runs wait for a device, and change their order',
    arguments: ['[RUN]', '[PLACE]'],
    flags: ['json', 'workspace'],
    details: 'PLACE counts from 1, which is next; `first` and `last` are places too.',
    load: async () => (await import('./queue.ts')).queue,
  },
  {
    name: 'rm',
    summary: 'remove runs, in a way that can be undone',
    arguments: ['RUN…'],
    flags: ['undo', 'json', 'workspace'],
    details:
      'They go into .tunebook/trash, which `tunebook gc` empties. With --undo each RUN is the id of a removed one.',
    load: async () => (await import('./rm.ts')).rm,
  },
  {
    name: 'gc',
    summary: 'delete removed runs for good, kept tokens of data, and what dead processes left',
    arguments: [],
    flags: ['dry-run', 'older-than', 'json', 'workspace'],
    details:
      'Runs that were not removed are never touched. Tokens that are deleted are made again when a run needs them.',
    load: async () => (await import('./gc.ts')).gc,
  },
  {
    name: 'import-run',
    summary: 'read what transformers or TensorBoard wrote of a training',
    arguments: ['FOLDER'],
    flags: ['name', 'json', 'workspace'],
    details:
      'FOLDER is the output_dir of a Trainer (trainer_state.json), or holds events files of TensorBoard. Its numbers become a run\n' +
      'beside the others, for the lists and the metrics panel.',
    load: async () => (await import('./import-run.ts')).importRun,
  },
  {
    name: 'devices',
    summary: 'list what can be trained on here, and why the rest cannot',
    arguments: [],
    flags: ['json'],
    details: '',
    load: async () => (await import('./devices.ts')).devices,
  },
  {
    name: 'try-device',
    summary: 'try one device, in a process that its driver may end',
    arguments: ['DEVICE', 'WHAT'],
    flags: [],
    details:
      'What `devices` and runs start; WHAT is `try`, `compare` or `compare-float16`. The last line of its output is JSON.',
    internal: true,
    load: async () => (await import('./try-device.ts')).tryDeviceCommand,
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of the config language',
    arguments: [],
    flags: ['json'],
    details: 'It is JSON in either case: --json prints it on one line.',
    load: async () => (await import('./schema.ts')).schema,
  },
  {
    name: 'render',
    summary: 'make a page or a Jupyter notebook of a notebook',
    arguments: ['FILE'],
    flags: ['html', 'ipynb', 'output', 'json'],
    details:
      'FILE is a *.tunebook.md. Nothing is run: the results are those that stand in the file. The page needs no other file and\n' +
      'no script. Without --output it is written beside the notebook.',
    load: async () => (await import('./render.ts')).render,
  },
  {
    name: 'export',
    summary: 'write a finished run or a model into a folder to deploy',
    arguments: ['FILE', '[NAME]'],
    flags: ['json', 'workspace'],
    details:
      'Without NAME the only `export:` of FILE. An adapter is added into its base, unless `merge_adapter: false` is set; the folder\n' +
      'loads in transformers (an adapter alone in PEFT) as it is. A folder that holds anything but an earlier export is refused.',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'inspect',
    summary: 'say what a data set holds, what a prompt asks, whether an objective is met',
    arguments: ['[FILE]', '[NAME]'],
    flags: ['json', 'stdio', 'workspace'],
    details:
      'Of a `dataset:` rows, labels, lengths and a sample; of a `prompt:` what a model is asked for some rows, and in how many\n' +
      'tokens; of an `objective:` whether the newest evaluation meets it. NAME may be KIND:NAME. With --stdio it answers an editor:\n' +
      'JSON-RPC with the framing of the Language Server Protocol; methods inspect/data and inspect/model.',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  {
    name: 'playground',
    summary: 'let candidates answer what the playground of an editor asks',
    arguments: [],
    flags: ['stdio'],
    details:
      'JSON-RPC with the framing of the Language Server Protocol; methods playground/open and playground/ask. Models are read\n' +
      'with the first question and computed on the CPU, one answer at a time.',
    load: async () => (await import('./playground.ts')).playground,
  },
];
