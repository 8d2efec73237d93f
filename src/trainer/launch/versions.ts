import { createRequire } from 'node:module';
import packageJson from '../../../package.json' with { type: 'json' };
import type { RunManifest } from '../../protocol/run.ts';

/** What a run is computed with. */
export function versions(): RunManifest['versions'] {
  const onnxruntime: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json');
  return { tunebook: packageJson.version, onnxruntime: versionOf(onnxruntime), node: process.version };
}

function versionOf(description: unknown): string {
  const version =
    typeof description === 'object' && description !== null && 'version' in description
      ? description.version
      : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
