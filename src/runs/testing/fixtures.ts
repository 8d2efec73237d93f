import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FORMAT_VERSION, type RunManifest } from '../../protocol/run.ts';
import { createRunDirectory } from '../create.ts';
import { createRunId } from '../id.ts';

/** A temporary folder that is removed after the tests of the enclosing `describe`. */
export function temporaryFolder(): { path: string } {
  const folder = { path: '' };
  before(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'tunebook-test-'));
  });
  after(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}

/** Gives the tests of the enclosing `describe` locks and sockets of their own, apart from those of real runs. */
export function ownRuntimeFolder(): { path: string } {
  const folder = temporaryFolder();
  let previous: string | undefined;
  before(() => {
    previous = process.env.TUNEBOOK_RUNTIME_DIR;
    process.env.TUNEBOOK_RUNTIME_DIR = folder.path;
  });
  after(() => {
    if (previous === undefined) delete process.env.TUNEBOOK_RUNTIME_DIR;
    else process.env.TUNEBOOK_RUNTIME_DIR = previous;
  });
  return folder;
}

/** A manifest as the command line writes it, of a run that computes nothing. */
export function manifest(fields: Partial<RunManifest> = {}): RunManifest {
  const name = fields.name ?? 'intents-lora';
  return {
    formatVersion: RUN_FORMAT_VERSION,
    id: createRunId(name),
    kind: 'run',
    name,
    createdAt: new Date().toISOString(),
    file: 'intents.tune.yaml',
    config: {},
    configHash: '',
    datasets: [],
    versions: { tunebook: '0.1.0', onnxruntime: '1.30.0', node: process.version },
    ...fields,
  };
}

/** A fresh run directory in a workspace folder. */
export function newRun(workspace: string, fields: Partial<RunManifest> = {}): string {
  return createRunDirectory(workspace, manifest(fields));
}
