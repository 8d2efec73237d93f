import type { Severity } from '../protocol/check.ts';

/** What docs/diagnostics.md says about a code. */
export interface DiagnosticInfo {
  severity: Severity;
  /** When it is reported. */
  when: string;
  /** What to do about it. */
  remedy: string;
}

/**
 * Every diagnostic of the language. Codes are stable: they are searched for, and silenced in CI. Problems inside data
 * files keep the `data/…` and `file/…` codes of the trainer.
 */
export const DIAGNOSTICS = {
  'tune/syntax': {
    severity: 'error',
    when: 'A line is not valid YAML.',
    remedy: 'Correct the line. The rest of the file is checked as if the line were not there.',
  },
  'tune/file': {
    severity: 'error',
    when: 'The config file cannot be read: it does not exist, is not UTF-8, or is far too large.',
    remedy: 'Check the path; save the file as UTF-8.',
  },
  'tune/no-kind': {
    severity: 'error',
    when: 'A document holds no kind word, so nothing says what it is.',
    remedy: 'Start the document with a kind and a name, such as `dataset: NAME` or `run: NAME`.',
  },
  'tune/empty-file': {
    severity: 'information',
    when: 'A config holds no document: it is empty, or has only comments. It is no error, as each new file begins like that.',
    remedy: 'Start a document with a kind and a name, such as `dataset: NAME` or `run: NAME`.',
  },
  'tune/two-kinds': {
    severity: 'error',
    when: 'A document holds two kind words.',
    remedy: 'Put a line `---` between the two documents.',
  },
  'tune/name': {
    severity: 'error',
    when: 'A document, a split or a candidate has no name, or a name with other characters than letters, digits, `_` and `-`.',
    remedy: 'Choose another name.',
  },
  'tune/duplicate-name': {
    severity: 'error',
    when: 'Two documents of one kind in a file have the same name, so that a reference could mean either.',
    remedy: 'Rename one of them.',
  },
  'tune/duplicate-field': {
    severity: 'error',
    when: 'A field stands twice in one map.',
    remedy: 'Remove one of the two.',
  },
  'tune/unknown-field': {
    severity: 'error',
    when: 'A field is not part of the language at this place.',
    remedy: 'Take the name that is suggested, or remove the field.',
  },
  'tune/deprecated-field': {
    severity: 'error',
    when: 'A field has the name that an older transformers gave it.',
    remedy: 'Take the new name; the quick fix does it.',
  },
  'tune/unsupported-field': {
    severity: 'error',
    when: 'A field exists in transformers or PEFT, or a format of an export elsewhere, but the bundled trainer does not do what it asks for.',
    remedy:
      'Remove the field, or take what the message names. It is an error because ignoring it would change your result without a word.',
  },
  'tune/wrong-type': {
    severity: 'error',
    when: 'A value is of another type than the field takes.',
    remedy: 'Write the value as the message says.',
  },
  'tune/unknown-value': {
    severity: 'error',
    when: 'A value is none of those that the field takes.',
    remedy: 'Take one of the values that are listed.',
  },
  'tune/out-of-range': {
    severity: 'error',
    when: 'A number is smaller or larger than the field takes, or a text or list is too short.',
    remedy: 'Take a value in the range.',
  },
  'tune/duplicate-item': {
    severity: 'error',
    when: 'An item stands twice in a list whose items differ.',
    remedy: 'Remove one of the two.',
  },
  'tune/missing-field': {
    severity: 'error',
    when: 'A field that the document needs is neither there nor inherited.',
    remedy: 'Add the field.',
  },
  'tune/settings-only': {
    severity: 'information',
    when: 'A run has neither a model nor data, and nothing extends it: it cannot run by itself.',
    remedy: 'Nothing, where other runs extend it. Otherwise add `model` and `data`.',
  },
  'tune/exclusive-fields': {
    severity: 'error',
    when: 'Two fields stand together of which only one may.',
    remedy: 'Remove one of them.',
  },
  'tune/overridden-field': {
    severity: 'warning',
    when: 'A field has no effect, because another one overrides it.',
    remedy: 'Remove the field that has no effect.',
  },
  'tune/unknown-reference': {
    severity: 'error',
    when: 'A name refers to a document, a split or a run that does not exist.',
    remedy: 'Correct the name, or write the document.',
  },
  'tune/ambiguous-reference': {
    severity: 'error',
    when: 'A name stands in several files of the folder, and not in this one.',
    remedy: 'Write `FILE#NAME`.',
  },
  'tune/extends-cycle': {
    severity: 'error',
    when: 'A document extends itself, directly or through others.',
    remedy: 'Remove one `extends` of the circle.',
  },
  'tune/unknown-variable': {
    severity: 'error',
    when: 'A `${…}` names a variable that neither `vars` nor the environment has, or is none of the forms that there are.',
    remedy: 'Correct the name, add it to `vars`, or set it in the environment. `$${` is a `${` as it stands.',
  },
  'tune/variable-cycle': {
    severity: 'error',
    when: 'A variable stands for itself, directly or through others.',
    remedy: 'Write a value into one of them.',
  },
  'tune/unused-name': {
    severity: 'information',
    when: 'Nothing in the folder names a data set or a prompt, though its file has documents that could.',
    remedy: 'Remove it, if no other folder uses it.',
  },
  'tune/unused-variable': {
    severity: 'warning',
    when: 'Nothing uses a variable of `vars`.',
    remedy: 'Use it as `${vars.NAME}`, or remove it.',
  },
  'tune/wrong-format': {
    severity: 'error',
    when: 'The data set of a run or an evaluation has another format than the task needs.',
    remedy: 'Take another data set, or another task.',
  },
  'tune/label-count': {
    severity: 'error',
    when: '`num_labels` is not the number of labels in the list, or in the data.',
    remedy: 'Set `num_labels` to the number of labels, or correct the data.',
  },
  'tune/inconsistent-settings': {
    severity: 'error',
    when: 'Two settings contradict each other, as transformers would say when the run starts.',
    remedy: 'Change one of them as the message says.',
  },
  'tune/warmup-too-long': {
    severity: 'warning',
    when: 'The warm-up takes as many steps as the run or more, so that the peak learning rate is never reached; or it takes more together with the decay of `warmup_stable_decay`.',
    remedy: 'Shorten the warm-up, or write it as a fraction; shorten the decay.',
  },
  'tune/never-happens': {
    severity: 'warning',
    when: 'Checkpoints or evaluations are asked for at steps that the run never reaches.',
    remedy: 'Take a smaller number, a fraction, or `epoch`.',
  },
  'tune/batch-too-large': {
    severity: 'warning',
    when: 'A batch holds more rows than there are.',
    remedy: 'Take a smaller batch.',
  },
  'tune/no-steps': {
    severity: 'error',
    when: 'The run has no optimizer step to take: every batch would be dropped.',
    remedy: 'Take a smaller batch, or set `dataloader_drop_last: false`.',
  },
  'tune/missing-file': {
    severity: 'error',
    when: 'A data file that a split names does not exist.',
    remedy: 'Correct the path (it is relative to the config file), or make the file.',
  },
  'tune/unreadable': {
    severity: 'error',
    when: 'A data file or a model lies in a folder that you have no permission to read.',
    remedy: 'Give yourself permission to read it, or name a copy.',
  },
  'tune/missing-model': {
    severity: 'error',
    when: 'A model or tokenizer folder does not exist, or lacks a file that it needs.',
    remedy: 'Correct the path, or download the model.',
  },
  'tune/recognised-format': {
    severity: 'information',
    when: 'A data set does not say its `format`, and its columns are those of one.',
    remedy: 'Nothing is wrong. Write the format down, if the columns may change.',
  },
  'tune/unclear-format': {
    severity: 'error',
    when: 'A data set does not say its `format`, and its columns are those of several formats, or of none.',
    remedy: 'Write `format`, and name the columns in `columns` where they have other names.',
  },
  'tune/home-folder': {
    severity: 'warning',
    when: 'An export would be written into a folder that is called `~`: only shells put the home folder there.',
    remedy: 'Write `${env.HOME}` in its place; the quick fix does it.',
  },
  'tune/outside-workspace': {
    severity: 'information',
    when: 'With its `../` the `folder` of an export leaves the workspace, which is marked by `.git` or `.tunebook`.',
    remedy: 'Take away a `../`, or give the whole path where that place is meant.',
  },
  'tune/hub-name': {
    severity: 'error',
    when: 'A text begins with `hf:` and is no name of the Hugging Face Hub.',
    remedy: 'Write `hf:owner/name`, with `@revision` behind it where another one than main is meant.',
  },
  'tune/unsupported-source': {
    severity: 'error',
    when: 'A tokenizer is named by `run:`, from where it cannot be taken.',
    remedy: 'Download it, and name the file or folder.',
  },
  'tune/missing-column': {
    severity: 'error',
    when: 'The data file lacks a column that the data set needs.',
    remedy: 'Name the column that holds it under `columns`.',
  },
  'tune/unseen-label': {
    severity: 'error',
    when: 'The split that a run is evaluated on has labels that the training split lacks, for which the model has no output.',
    remedy: 'Add rows with these labels to the training split, or correct them.',
  },
  'tune/shared-data': {
    severity: 'warning',
    when: 'A run is evaluated on rows that it is trained on, while it trains or in an `evaluate:` document.',
    remedy: 'Evaluate on a split that is not trained on.',
  },
  'tune/shared-rows': {
    severity: 'warning',
    when: 'Rows that a run is evaluated on stand in its training data too, in another file. Under 1 % of the rows it is only said.',
    remedy: 'Remove them from one of the two.',
  },
  'tune/duplicate-split': {
    severity: 'warning',
    when: 'Two splits of a data set have the same file.',
    remedy: 'Give each split files of its own.',
  },
  'tune/cut-rows': {
    severity: 'warning',
    when: '`max_length` cuts off the end of training rows. Under 1 % of the rows it is only said.',
    remedy: 'Take the length that the message names, which cuts none, or shorten the texts.',
  },
  'tune/masked-rows': {
    severity: 'warning',
    when: 'Of some training rows nothing is learnt, because everything that should count is cut off, or no token of them counts at all.',
    remedy: 'Take the length that the message names, which cuts none; or correct the rows.',
  },
  'tune/unusual-learning-rate': {
    severity: 'warning',
    when: 'A learning rate is ten times and more above or below what is usual for the method and the size of the model.',
    remedy: 'Take one in the range that the message names.',
  },
  'tune/device': {
    severity: 'error',
    when: 'The device that `target:` names cannot be used on this machine. The message says why.',
    remedy:
      'Set `device: auto`, or install what the message names; docs/devices.md says what each device needs.',
  },
  'tune/precision': {
    severity: 'error',
    when: 'The device of a run cannot compute in the precision that it asks for. The message says which device, and why.',
    remedy: 'Remove `bf16` or `fp16`, or take another device.',
  },
  'tune/slow-precision': {
    severity: 'warning',
    when: 'Mixed precision would make a run no faster, as its device is the processor.',
    remedy: 'Remove `fp16`, unless a run is to be tried that goes to a GPU.',
  },
  'tune/memory': {
    severity: 'warning',
    when: 'The weights of a model, with the gradients and moments of what is trained, need more memory than there is.',
    remedy: 'Train an adapter, or take a smaller model.',
  },
  'tune/unmeasured-objective': {
    severity: 'error',
    when: 'An objective asks for a metric that its evaluation does not measure.',
    remedy: 'Take a metric that it measures, or add this one to its `metrics`.',
  },
  'tune/max-length': {
    severity: 'error',
    when: '`max_length` is longer than the model can read.',
    remedy: 'Take at most the length that the model can read.',
  },
  'tune/unknown-module': {
    severity: 'error',
    when: 'A name in `target_modules` or `modules_to_save` is no module of the model.',
    remedy: 'Take a module that the model has.',
  },
  'notebook/unclosed-fence': {
    severity: 'error',
    when: 'A fence of a notebook is never closed: a cell has no end, or code swallows the cells below it.',
    remedy: 'Put a closing fence behind its last line.',
  },
  'notebook/not-a-cell': {
    severity: 'warning',
    when: 'A `yaml tune` fence of a notebook stands in a list or a quotation, or is indented, and so is text.',
    remedy: 'Move it to the left margin.',
  },
  'notebook/merge-conflict': {
    severity: 'error',
    when: 'A notebook holds the marks that git leaves where it could not merge.',
    remedy: 'Keep one of the two versions and remove the marks.',
  },
  'notebook/output-mark': {
    severity: 'error',
    when: 'A mark of a result in a notebook is broken or lacks its other one, so that nobody knows what is result and what is prose.',
    remedy: 'Put the missing mark in, or remove the one that is left.',
  },
  'notebook/output-place': {
    severity: 'warning',
    when: 'A result in a notebook does not stand directly below a cell.',
    remedy: 'Move it below its cell, or remove it.',
  },
  'notebook/stale-output': {
    severity: 'information',
    when: 'What a cell of a notebook depends on has changed since its result: the cell, what it refers to, its data, or a run that it reads.',
    remedy: 'Run the cell again.',
  },
  'notebook/output-edited': {
    severity: 'warning',
    when: 'A result in a notebook was changed by hand.',
    remedy:
      'Put words of your own below its last mark: running the cell anew replaces all between the marks.',
  },
} as const satisfies Record<string, DiagnosticInfo>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;
