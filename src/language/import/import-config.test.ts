import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { checkProject } from '../check.ts';
import { loadProject } from '../load.ts';
import { MemoryHost } from '../testing/memory-host.ts';
import { commandsIn } from './command.ts';
import { importConfig, type Imported, type ImportNote } from './import-config.ts';
import { codeOf, NOTEBOOK_FILES, SCRIPT_FILES, withoutMagics } from './notebook-code.ts';
import { readPython } from './read-python.ts';
import { readYamlSettings } from './read-yaml.ts';
import type { Setting } from './settings.ts';

const FOLDER = new URL('../../../test/fixtures/import/', import.meta.url);

const FIXTURES = readdirSync(FOLDER).flatMap((tool) =>
  readdirSync(new URL(`${tool}/`, FOLDER))
    .filter((name) => name.includes('.'))
    .map((name) => `${tool}/${name}`),
);

function read(path: string): string {
  return readFileSync(new URL(path, FOLDER), 'utf8');
}

function importFixture(path: string): Imported {
  const list = new URL('data/dataset_info.json', new URL(path, FOLDER));
  const known: unknown = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : undefined;
  return importConfig(read(path), {
    file: path.split('/').at(-1)!,
    paths: { onDisk: (each) => (each.startsWith('data/') ? each : undefined) },
    registry: known === undefined ? undefined : Object.fromEntries(Object.entries(known ?? {})),
  });
}

/** What the language says of an imported config, but for what only lies on the disk of its owner. */
async function problemsOf(text: string): Promise<string[]> {
  const path = '/work/imported.tune.yaml';
  const host = new MemoryHost({ files: { [path]: text } });
  const project = await loadProject([path], host);
  const found = await checkProject(project, [path], host);
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

/** Every setting with a value that a file holds, the innermost ones. */
function leaves(setting: Setting): string[] {
  if (setting.isEmpty) return [];
  return setting.children.length === 0 ? [`${setting.path}`] : setting.children.flatMap(leaves);
}

function notesFor(notes: readonly ImportNote[], path: string): ImportNote[] {
  return notes.filter(
    ({ setting }) => path === setting || path.startsWith(`${setting}.`) || path.startsWith(`${setting}[`),
  );
}

/** What cannot be known without the disk, or is missing in the fixture itself. */
const ELSEWHERE =
  /^tune\/(missing-file|missing-model|unsupported-source|unsupported-model|missing-base|missing-folder)/;

describe('importConfig', () => {
  for (const path of FIXTURES) {
    it(`loses no setting of ${path} silently`, () => {
      const { notes } = importFixture(path);
      const code = codeOf(read(path), path);
      const all = SCRIPT_FILES.test(path)
        ? readPython(NOTEBOOK_FILES.test(path) ? withoutMagics(code) : code)
            .calls.filter(({ name }) => /Arguments$|Config$/.test(name))
            .flatMap(({ settings }) => settings.children.flatMap(leaves))
        : path.startsWith('command/')
          ? commandsIn(read(path))
              .slice(0, 1)
              .flatMap(({ settings, launcher }) => [settings, ...launcher].flatMap(leaves))
          : leaves(readYamlSettings(read(path), path));
      const silent = all.filter((each) => notesFor(notes, each).length === 0);
      assert.deepEqual(silent, []);
    });

    it(`makes a config of ${path} that the language takes`, async () => {
      const { text, notes } = importFixture(path);
      const expected = expectedOf(notes, text);
      const found = (await problemsOf(text)).filter((each) => !expected?.test(each));
      assert.deepEqual(
        found.filter((each) => !ELSEWHERE.test(each)),
        [],
        text,
      );
    });
  }
});

/** What an import says that it cannot express, and the language then asks for. */
function expectedOf(notes: readonly ImportNote[], text: string): RegExp | undefined {
  const isLost = (setting: RegExp) =>
    notes.some(({ outcome, setting: each }) => outcome === 'lost' && setting.test(each));
  if (text.includes('# It names no data')) return /^tune\/missing-field: .* lacks `(data|train)`/;
  if (text.includes('# What a row of')) return /^tune\/missing-field: .* lacks `format`/;
  if (isLost(/^(stage|rl|pref_loss|reward_model)$/)) return /^tune\/wrong-format/;
  return undefined;
}
