import { modulePattern } from '../../protocol/module-pattern.ts';
import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, type Problem } from '../problem.ts';
import { PREFERENCE_METHODS, type PreferenceMethod } from '../schema/formats.ts';
import type { Fields } from './fields.ts';

/** Parts of a method that cannot go with each other, with the task or with the device. */
export function checkMethod(fields: Fields): Problem[] {
  return [...checkPairs(fields), ...checkQuantization(fields), ...checkPatterns(fields)];
}

/** Fields of LoRA that are, or whose keys are, regular expressions. */
function checkPatterns(fields: Fields): Problem[] {
  const whole = ['target_modules', 'exclude_modules'].flatMap((name) => {
    const node = fields.node('method', 'lora', name);
    const text = fields.string('method', 'lora', name);
    return node && text !== undefined ? [{ name, node, text }] : [];
  });
  const keys = ['rank_pattern', 'alpha_pattern'].flatMap((name) => {
    const map = fields.node('method', 'lora', name);
    return map?.type === 'map' ? map.entries.map(({ key }) => ({ name, node: key, text: key.value })) : [];
  });
  return [...whole, ...keys]
    .filter(({ text }) => !modulePattern(String(text)))
    .map(({ name, node, text }) =>
      problem(
        'tune/wrong-type',
        node,
        `\`${name}\` has ${JSON.stringify(text)}, which is no regular expression that Python and Tunebook read alike. Close its brackets, and write it without \`(?P<…>)\`, flags and \`\\Z\`.`,
      ),
    );
}

/** 4-bit weights are frozen, their rows have no learnt length, and no graphics card unpacks them here. */
function checkQuantization(fields: Fields): Problem[] {
  const entry = fields.entry('method', 'quantization');
  if (!entry || fields.value('method', 'quantization', 'load_in_4bit') !== true) return [];
  const why = fields.entry('method', 'full')
    ? 'weights in 4 bits cannot be trained. Train an adapter beside them, with `lora`'
    : fields.value('method', 'lora', 'use_dora') === true
      ? '`use_dora` needs the weights in full. Remove one of the two'
      : !['auto', 'cpu', undefined].includes(fields.string('target', 'local', 'device'))
        ? 'they are computed on the processor only. Set `device: cpu`'
        : undefined;
  if (why === undefined) return [];
  const message = `\`quantization\` keeps weights in 4 bits, and ${why}.`;
  return [
    problem('tune/inconsistent-settings', entry.key, message, [removeFix('Remove quantization', entry)]),
  ];
}

/** Answers can be told apart only by a model that writes them. */
function checkPairs(fields: Fields): Problem[] {
  const method = preferenceMethod(fields);
  const entry = method && fields.entry('method', method);
  const task = fields.string('model', 'task');
  const other = fields.entry('method', 'orpo');
  if (method === 'dpo' && other) {
    const message = '`method` takes one of `dpo` and `orpo`, not both. Remove one.';
    return [problem('tune/exclusive-fields', other.key, message, [removeFix('Remove orpo', other)])];
  }
  if (!entry || task === undefined || task === 'text-generation') return [];
  const message = `\`${method}\` teaches a model which answers are better, but the task is \`${task}\`. Set \`task: text-generation\`, or remove \`${method}\`.`;
  return [
    problem('tune/inconsistent-settings', entry.key, message, [
      setFix('Set task: text-generation', rootMap(fields.document), ['model', 'task'], 'text-generation'),
      removeFix(`Remove ${method}`, entry),
    ]),
  ];
}

/** The part of `method:` that learns from pairs of answers, where the run has one. */
export function preferenceMethod(fields: Fields): PreferenceMethod | undefined {
  return PREFERENCE_METHODS.find((name) => fields.entry('method', name) !== undefined);
}
