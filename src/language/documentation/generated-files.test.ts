import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GENERATED_FILES } from './generated-files.ts';
import { TRAINER_CODES } from './trainer-codes.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('generated files', () => {
  for (const [name, make] of Object.entries(GENERATED_FILES)) {
    it(`${name} is what the code makes (else: npm run generate)`, () => {
      assert.equal(readFileSync(`${root}${name}`, 'utf8'), make());
    });
  }

  it('links lead to headings', () => {
    const page = GENERATED_FILES['docs/reference.md']?.() ?? '';
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      text.toLowerCase().replace(/[^a-z0-9_ -]/g, ''),
    );
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, target = '']) => target);
    assert.ok(links.length > 10);
    for (const link of links) assert.ok(headings.includes(link), link);
  });
});

describe('codes of the trainer', () => {
  /** Where the code lies that looks at data and models for a check. */
  const PLACES = [
    'data',
    'models',
    'safetensors',
    'checkpoint/model-folder.ts',
    'checkpoint/read-adapter.ts',
    'checkpoint/check-vocabulary.ts',
    'checkpoint/other-base.ts',
    'fit-facts.ts',
    'lfs-pointer.ts',
  ];
  const used = new Set(PLACES.flatMap((place) => codesIn(`${root}src/trainer/${place}`)));

  it('are all documented', () => {
    // Writing a file is no part of a check.
    for (const code of ['file/unwritable', 'run/disk-full']) used.delete(code);
    assert.deepEqual(
      [...used].filter((code) => !Object.hasOwn(TRAINER_CODES, code)),
      [],
    );
  });

  it('are documented only where they exist', () => {
    assert.deepEqual(
      Object.keys(TRAINER_CODES).filter((code) => !used.has(code)),
      [],
    );
  });

  function codesIn(path: string): string[] {
    const files = path.endsWith('.ts')
      ? [path]
      : readdirSync(path, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
          .map((name) => `${path}/${name}`);
    return files.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(/'((?:data|file|model|run|safetensors|tokenizer)\/[a-z-]+)'/g),
      ].map(([, code = '']) => code),
    );
  }
});
