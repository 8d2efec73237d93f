import { existsSync, readdirSync } from 'node:fs';
import { root } from '../setup/run.mjs';

const NATIVE = 'node_modules/onnxruntime-node/bin/napi-v6';

/** This machine in the words of VS Code's packages: `linux-x64`, `darwin-arm64`, `win32-x64`, … */
export function targetOfThisMachine() {
  return `${process.platform}-${process.arch}`;
}

/**
 * onnxruntime's native files for a target, relative to the root; none where it has no build (`alpine-x64`, `darwin-x64`).
 * Libraries of CUDA and TensorRT, where an install has fetched them, are larger than a package may be and stay out.
 */
export function nativeFiles(target) {
  const folder = `${NATIVE}/${target.replace('-', '/')}`;
  if (!existsSync(`${root}${folder}`)) return [];
  return readdirSync(`${root}${folder}`)
    .filter((name) => !/cuda|tensorrt|providers_shared/i.test(name))
    .map((name) => `${folder}/${name}`);
}
