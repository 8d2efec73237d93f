import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { TunebookError } from '../../../protocol/error.ts';
import { commandsIn, COMMAND_FILES } from '../../import/command.ts';
import { importConfig, type Imported } from '../../import/import-config.ts';
import { SCRIPT_FILES } from '../../import/notebook-code.ts';
import { readYamlSettings } from '../../import/read-yaml.ts';
import type { Setting } from '../../import/settings.ts';
import { parse } from '../../parse.ts';
import { checkStructure } from '../../validate/structure.ts';
import { CONFIG } from '../expect-problem.ts';
import { FuzzFailure } from './campaign.ts';
import { applied, mutation } from './mutate.ts';
import { Seeded } from './seeded.ts';

/** An import takes less than this, in milliseconds of the processor. */
const HANG_MS = 1000;

/** A config or a script of another tool that imports as it stands. */
export interface ImportSource {
  file: string;
  text: string;
}

/** The configs and scripts of the tests, of every tool. */
export function readImportCorpus(): ImportSource[] {
  const folder = new URL('../../../../test/fixtures/import/', import.meta.url);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('data'))
    .map(({ name, parentPath }) => ({ file: name, text: readFileSync(`${parentPath}/${name}`, 'utf8') }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/**
 * Imports the config or script that a seed stands for, one of the corpus with one to six changes, and checks that it is refused with a
 * reason or becomes a config without broken lines or wrong fields, and that no setting is lost without a word.
 * @throws FuzzFailure with the text
 */
export function fuzzImport(seed: number, corpus: readonly ImportSource[]): void {
  const random = new Seeded(seed);
  const { file, text: first } = random.pick(corpus);
  let text = first;
  for (let changes = 1 + random.below(6); changes > 0; changes--)
    text = applied(text, mutation(text, random));
  const began = process.cpuUsage();
  try {
    const imported = importOrRefuse(file, text);
    const { user, system } = process.cpuUsage(began);
    assert.ok((user + system) / 1000 < HANG_MS, `it took ${((user + system) / 1000).toFixed(0)} ms`);
    if (imported) examineImport(file, text, imported);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new FuzzFailure(`import ${seed}: ${message}\n\nin this ${file}:\n${JSON.stringify(text)}`, {
      cause: error,
    });
  }
}

/** What a text becomes; `undefined` where it is refused with a reason and a next step. */
function importOrRefuse(file: string, text: string): Imported | undefined {
  try {
    return importConfig(text, {
      file,
      paths: { onDisk: (path) => (path.startsWith('data/') ? path : undefined) },
    });
  } catch (error) {
    if (!(error instanceof TunebookError)) throw error;
    assert.match(error.code, /^import\//);
    assert.ok(error.message !== '' && error.hint !== undefined, 'it is refused without a next step');
    return undefined;
  }
}

function examineImport(file: string, text: string, imported: Imported): void {
  const parsed = parse(CONFIG, imported.text);
  assert.deepEqual(parsed.syntax, [], `it is no YAML:\n${imported.text}`);
  for (const document of parseAllDocuments(imported.text)) assert.deepEqual(document.errors, []);
  const project = { files: new Map([[CONFIG, parsed]]), unreadable: new Map<string, never>() };
  for (const document of parsed.documents) {
    const wrong = checkStructure(project, document).filter(
      ({ severity, code }) => severity === 'error' && code !== 'tune/missing-field',
    );
    assert.deepEqual(wrong, [], `the language refuses it:\n${imported.text}`);
  }
  const { notes } = imported;
  const silent = settingsOf(file, text)
    .map(({ path }) => path)
    .filter((path) => !notes.some(({ setting }) => path === setting || isWithin(path, setting)));
  assert.deepEqual(silent, [], `settings are lost without a word:\n${imported.text}`);
}

function isWithin(path: string, section: string): boolean {
  return path.startsWith(`${section}.`) || path.startsWith(`${section}[`);
}

/** Every setting of a config, or of the command that is carried. Which calls of a script hold settings is told by the import itself. */
function settingsOf(file: string, text: string): Setting[] {
  if (SCRIPT_FILES.test(file)) return [];
  if (!COMMAND_FILES.test(file)) return readYamlSettings(text, file).leaves();
  return commandsIn(text)
    .slice(0, 1)
    .flatMap(({ settings, launcher }) => [settings, ...launcher].flatMap((each) => each.leaves()));
}
