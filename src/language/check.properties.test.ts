import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CheckDiagnostic } from '../protocol/check.ts';
import { loadProject } from './load.ts';
import { parse } from './parse.ts';
import { findDocument, resolveRun } from './resolve.ts';
import { alternatives, fieldsOf, schemaAt, schemaOf, type FieldSchema } from './schema/navigate.ts';
import { CORPUS, DATASET, EVALUATE, PRETRAIN, RUN, stream } from './testing/example.ts';
import { CONFIG, diagnose } from './testing/expect-problem.ts';
import { MemoryHost } from './testing/memory-host.ts';
import type { Node } from './tree.ts';

const WHOLE = stream(
  `# what people say\n${DATASET}labels:\n  - copy\n  - paste # twice\n  - undo\n`,
  CORPUS,
  `${RUN}train:\n  num_train_epochs: 3\n  learning_rate: 5.0e-5\n  eval_strategy: epoch\n`,
  `run: lora\nextends: full\nmethod: &m { lora: { r: 8, target_modules: [query, value] } }\n`,
  PRETRAIN,
  EVALUATE,
);

/** Pieces that break YAML, or make it mean something else. */
const PIECES = [
  ...':-?{}[],&*#|>\'"%@`!<~\t\r\n '.split(''),
  ': ',
  '- ',
  '---\n',
  '...\n',
  '\n---\n',
  '\r\n',
  '<<: *m',
  '&a ',
  '*a',
  '!!str ',
  'null',
  '.nan',
  '-1',
  '1e999',
  'run',
  'run:',
  '#x',
  'extends: full\n',
  '\uFEFF',
  '\u2028',
  '😀',
  '\uD800',
  '__proto__',
  '${env.X}',
];

/** A change to a text: a stretch of it replaced by a piece. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.nat(12), fc.nat(200)),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })),
});

const mutated = fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) =>
  changes.reduce((text, { at, length, piece }) => {
    const start = Math.floor(at * text.length);
    return text.slice(0, start) + piece + text.slice(start + length);
  }, WHOLE),
);

/** Every diagnostic must be one that a terminal and an editor can show. */
function assertShowable(diagnostics: CheckDiagnostic[], text: string): void {
  const lines = text.split(/\r\n|\r|\n/);
  for (const each of diagnostics) {
    assert.ok(each.line >= 1 && each.column >= 1, JSON.stringify(each));
    if (each.file !== CONFIG) continue;
    for (const range of [each, ...each.fixes.flatMap(({ edits }) => edits)]) {
      assert.ok(range.line <= range.endLine && range.endLine <= lines.length, JSON.stringify(each));
      assert.ok(range.line < range.endLine || range.column <= range.endColumn, JSON.stringify(each));
      assert.ok(range.endColumn <= (lines[range.endLine - 1]?.length ?? 0) + 2, JSON.stringify(each));
    }
    assert.ok(each.message.length > 10 && each.message.length < 1500, each.message);
    assert.doesNotMatch(each.message, /undefined|\[object|NaN steps/);
  }
}

/** Whether every node lies in the file, and what stands inside of another lies inside of it. */
function assertNested(node: Node, text: string): void {
  assert.ok(0 <= node.start && node.start <= node.end && node.end <= text.length);
  if (node.type === 'map') {
    for (const { key, value, end } of node.entries) {
      assert.ok(key.start <= key.end && key.end <= end && end <= text.length);
      assertNested(value, text);
    }
  }
  if (node.type === 'seq') for (const item of node.items) assertNested(item, text);
}

describe('a config that is changed at random', function () {
  this.timeout(300_000);

  it('is read without an exception, with every node in its place', () =>
    fc.assert(
      fc.property(mutated, (text) => {
        for (const { root } of parse(CONFIG, text).documents) if (root) assertNested(root, text);
      }),
      { numRuns: 1000 },
    ));

  it('is checked without an exception, with diagnostics that can be shown', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => assertShowable(await diagnose(text), text)),
      { numRuns: 1000 },
    );
  });

  it('keeps the diagnostics of its other documents', async () => {
    const other =
      'run: other\nmodel: { base: base }\ndata: { train: intents.train }\ntrain: { learning_rat: 1 }\n';
    const broken = fc.array(
      fc.tuple(
        // Not behind the last line break: that is where the next document's `---` stands.
        fc.nat(RUN.length - 1),
        fc.constantFrom(...PIECES.filter((piece) => !/---|\.\.\.|[\r\n]/.test(piece))),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(broken, async (changes) => {
        const middle = changes.reduce((text, [at, piece]) => text.slice(0, at) + piece + text.slice(at), RUN);
        const found = await diagnose(stream(DATASET, middle, other));
        const line = stream(DATASET, middle, other).split('\n').length - 1;
        assert.ok(
          found.some((each) => each.line === line && each.code === 'tune/unknown-field'),
          `line ${line}: ${JSON.stringify(found.map((each) => `${each.line} ${each.code}`))}`,
        );
      }),
      { numRuns: 300 },
    );
  });
});

/** A value that a field may take, and some that it may not. */
function valueOf(schema: FieldSchema): fc.Arbitrary<unknown> {
  const each = alternatives(schema).map((one): fc.Arbitrary<unknown> => {
    if (one.enum) return fc.constantFrom(...one.enum);
    if (one.const !== undefined) return fc.constant(one.const);
    if (one.type === 'boolean') return fc.boolean();
    if (one.type === 'null') return fc.constant(null);
    if (one.type === 'integer') return fc.constantFrom(1, 2, 16, 64, 0, -1);
    if (one.type === 'number') return fc.constantFrom(0.1, 0.5, 0, 1, 3, 1e-8, 50);
    if (one.type === 'array') return fc.constantFrom(['query'], ['query', 'value'], []);
    return fc.constantFrom('loss', 'accuracy', 'words');
  });
  return fc.oneof(...each);
}

/** Some fields of a map with a value each. */
function someOf(schema: FieldSchema): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(fieldsOf(schema)).map(([name, field]) =>
    fc.tuple(fc.constant(name), valueOf(field)),
  );
  return fc
    .array(fc.oneof(...fields), { maxLength: 5 })
    .map((entries): Record<string, unknown> => Object.fromEntries(entries));
}

describe('a run with any settings', function () {
  this.timeout(300_000);

  const settings = fc.record({
    train: someOf(schemaAt(schemaOf('run'), ['train']) ?? {}),
    lora: fc.option(someOf(schemaAt(schemaOf('run'), ['method', 'lora']) ?? {})),
    device: fc.constantFrom('auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'),
  });

  it('that the check finds no error in can be resolved, and has these settings', async () => {
    let right = 0;
    await fc.assert(
      fc.asyncProperty(settings, async ({ train, lora, device }) => {
        const method = lora === null ? { full: {} } : { lora };
        const more = { train, method, target: { local: { device } } };
        const lines = Object.entries(more).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
        const text = stream(DATASET, `${RUN}${lines.join('')}`);
        const errors = (await diagnose(text)).filter(({ severity }) => severity === 'error');
        if (errors.length > 0) return;
        right++;
        const project = await loadProject([CONFIG], new MemoryHost({ files: { [CONFIG]: text } }));
        const run = resolveRun(project, findDocument(project, CONFIG, 'run'));
        assert.equal(run.target.local.device, device);
        for (const [name, value] of Object.entries(train)) {
          if (value === null || (name === 'eval_steps' && value === 0)) continue;
          assert.deepEqual(Object.entries(run.train).find(([each]) => each === name)?.[1], value);
        }
        for (const value of Object.values(run.train)) assert.notEqual(value, undefined);
        assert.equal('lora' in run.method, lora !== null);
      }),
      { numRuns: 1000 },
    );
    assert.ok(right > 100, `only ${right} were right`);
  });
});
