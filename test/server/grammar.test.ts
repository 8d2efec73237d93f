import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ROOT } from './support/build.ts';

/** What this test uses of `vscode-textmate`, the tokenizer of VS Code, which the VS Code of the tests carries. */
interface Textmate {
  Registry: new (options: {
    onigLib: Promise<{
      createOnigScanner(sources: string[]): unknown;
      createOnigString(text: string): unknown;
    }>;
    loadGrammar(scope: string): Promise<unknown>;
  }) => { loadGrammar(scope: string): Promise<Grammar | null> };
  parseRawGrammar(content: string, path: string): unknown;
}

interface Grammar {
  tokenizeLine(
    line: string,
    stack: unknown,
  ): { tokens: { startIndex: number; endIndex: number; scopes: string[] }[]; ruleStack: unknown };
}

interface Oniguruma {
  loadWASM(data: ArrayBufferLike): Promise<void>;
  OnigScanner: new (sources: string[]) => unknown;
  OnigString: new (text: string) => unknown;
}

const MODULES = `${ROOT}test/vscode/node_modules/code-server/lib/vscode/node_modules/`;
const PATH = `${ROOT}syntaxes/tune.tmLanguage.json`;

async function loadGrammar(): Promise<Grammar> {
  const require = createRequire(MODULES);
  // SAFETY: these are the packages whose interfaces stand above.
  const textmate = require(`${MODULES}vscode-textmate`) as Textmate;
  // SAFETY: as above.
  const oniguruma = require(`${MODULES}vscode-oniguruma`) as Oniguruma;
  const wasm = readFileSync(`${MODULES}vscode-oniguruma/release/onig.wasm`);
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(PATH, 'utf8'), PATH),
  });
  const grammar = await registry.loadGrammar('source.tune');
  assert.ok(grammar);
  return grammar;
}

const installed = existsSync(MODULES);
const reason = installed
  ? ''
  : ' (skipped: the VS Code of the tests, which has the tokenizer, is not installed)';

describe(`the grammar${reason}`, () => {
  let grammar: Grammar;

  before(async function () {
    if (!installed) this.skip();
    grammar = await loadGrammar();
  });

  /** The innermost scope of each piece of a text that is no space, as `piece → scope`. */
  function scopes(text: string): string[] {
    let stack: unknown = null;
    return text.split('\n').flatMap((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
      stack = ruleStack;
      return tokens.flatMap(({ startIndex, endIndex, scopes: all }) => {
        const piece = line.slice(startIndex, endIndex).trim();
        const scope = (all.at(-1) ?? '').replace(/\.tune$/, '');
        return piece === '' ? [] : [`${piece} → ${scope}`];
      });
    });
  }

  const cases: [name: string, text: string, expected: string[]][] = [
    [
      'the kind of a document and its name',
      'run: intents-lora # the small one',
      [
        'run → keyword.control.kind',
        ': → punctuation.separator.key-value.mapping',
        'intents-lora → entity.name.type.document',
        '# → punctuation.definition.comment',
        'the small one → comment.line.number-sign',
      ],
    ],
    ['a separator', '---', ['--- → entity.other.document.begin']],
    [
      'a number',
      '  learning_rate: 5.0e-4',
      [
        'learning_rate → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        '5.0e-4 → constant.numeric.float',
      ],
    ],
    [
      'a text',
      '  description: a, b [c]',
      [
        'description → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        'a, b [c] → string.unquoted.plain',
      ],
    ],
    [
      'brackets',
      'data: { train: intents.train, max_length: 64 }',
      [
        'data → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        '{ → punctuation.definition.mapping.begin',
        'train → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        'intents.train → variable.other.reference',
        ', → punctuation.separator.sequence',
        'max_length → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        '64 → constant.numeric.integer',
        '} → punctuation.definition.mapping.end',
      ],
    ],
    [
      'a reference to another file',
      'extends: defaults.tune.yaml#small-gpu',
      [
        'extends → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        'defaults.tune.yaml → string.unquoted.path',
        '# → punctuation.separator',
        'small-gpu → variable.other.reference',
      ],
    ],
    [
      'a model of the Hub, and the run of a candidate',
      '  base: hf:owner/name\n  tuned: { run: mine }',
      [
        'base → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        'hf → storage.type.source',
        ': → punctuation.separator',
        'owner/name → variable.other.reference',
        'tuned → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        '{ → punctuation.definition.mapping.begin',
        'run → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        'mine → variable.other.reference',
        '} → punctuation.definition.mapping.end',
      ],
    ],
    [
      'lists, truth values and quotes',
      '  - true\n  - "a \\" b"\nmetrics: [accuracy, \'x\']',
      [
        '- → punctuation.definition.block.sequence.item',
        'true → constant.language.boolean',
        '- → punctuation.definition.block.sequence.item',
        '" → punctuation.definition.string.begin',
        'a → string.quoted.double',
        '\\" → constant.character.escape',
        'b → string.quoted.double',
        '" → punctuation.definition.string.end',
        'metrics → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        '[ → punctuation.definition.sequence.begin',
        'accuracy → string.unquoted.plain',
        ', → punctuation.separator.sequence',
        "' → punctuation.definition.string.begin",
        'x → string.quoted.single',
        "' → punctuation.definition.string.end",
        '] → punctuation.definition.sequence.end',
      ],
    ],
    [
      'a block of text',
      'a: |\n  b: c\nd: 1',
      [
        'a → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        '| → keyword.control.flow.block-scalar',
        'b: c → string.unquoted.block',
        'd → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        '1 → constant.numeric.integer',
      ],
    ],
    [
      'a bracket that is never closed, which ends with the next field',
      'model: { base: x\ndata:\n',
      [
        'model → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        '{ → punctuation.definition.mapping.begin',
        'base → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
        'x → variable.other.reference',
        'data → entity.name.tag',
        ': → punctuation.separator.key-value.mapping',
      ],
    ],
  ];
  for (const [name, text, expected] of cases) {
    it(`colours ${name}`, () => assert.deepEqual(scopes(text), expected));
  }
});
