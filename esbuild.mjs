/**
 * The one build script. Makes the WebAssembly kernels, then every bundle in dist/:
 *   tunebook.js     the trainer process and command line (ESM, any Node from 20)
 *   extension.cjs   the VS Code extension, and extension-later.cjs what it needs after its start
 *   server.js       starts the language server, server-start.js, with what was compiled the last time
 *   *.webview.js    one bundle a panel;  notebook.renderer.js  results in notebooks
 * `--watch` rebuilds on change; `--only NAME[,NAME]` builds those bundles; `--kernels` makes only the kernels (what the unit tests need).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';
import esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const kernelsOnly = process.argv.includes('--kernels');

await buildKernels();
if (!kernelsOnly) await buildBundles();

/** Compiles src/trainer/kernels/assembly to a TypeScript file that holds the module as base64. */
async function buildKernels() {
  const entry = 'src/trainer/kernels/assembly/index.ts';
  const own = await compile(entry, []);
  const shared = await compile(entry, ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536']);
  const text = [
    `/** Made by esbuild.mjs from ${entry}: for a memory of one thread, and for one that threads share. */`,
    `export const KERNELS_BASE64 =\n  '${own}';`,
    `export const SHARED_KERNELS_BASE64 =\n  '${shared}';\n`,
  ].join('\n');
  await writeFile('src/trainer/kernels/kernels.generated.ts', text);
}

/** `--only NAME[,NAME]` builds just the named bundles. */
function isWanted({ entryPoints }) {
  const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',');
  return !process.argv.includes('--only') || Object.keys(entryPoints).some((name) => only?.includes(name));
}

/** A module in base64. */
async function compile(entry, options) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      entry,
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
      ...options,
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
    },
  );
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  return Buffer.from(binary).toString('base64');
}

/**
 * Leaves a CommonJS package outside of the bundle, and loads it when a module that imports it first runs: an import
 * statement would load it when the program starts, also for `tunebook --help`.
 */
function requireWhenUsed(name) {
  const filter = new RegExp(`^${name}$`);
  return {
    name: 'require-when-used',
    setup(build) {
      build.onResolve({ filter }, ({ kind }) =>
        kind === 'require-call'
          ? { path: name, external: true }
          : { path: name, namespace: 'require-when-used' },
      );
      build.onLoad({ filter, namespace: 'require-when-used' }, () => ({
        contents: `module.exports = require('${name}');`,
      }));
    },
  };
}

/** Leaves a file that is imported when it is needed out of the bundle that imports it: what is not read delays no start. */
function leaveFile(name, bundle) {
  return {
    name: 'leave-file',
    setup(build) {
      build.onResolve({ filter: new RegExp(`/${name}\\.ts$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: bundle, external: true } : undefined,
      );
    },
  };
}

async function buildBundles() {
  await mkdir('dist', { recursive: true });
  const shared = { bundle: true, sourcemap: true, minify: !watch, legalComments: 'linked', logLevel: 'info' };
  const node = { ...shared, platform: 'node', target: 'node20' };
  const esm = {
    ...node,
    format: 'esm',
    // Some dependencies are CommonJS and call require at run time.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  };
  const builds = [
    {
      ...esm,
      entryPoints: { tunebook: 'src/trainer/cli.ts' },
      outdir: 'dist',
      plugins: [requireWhenUsed('onnxruntime-node')],
    },
    {
      ...esm,
      entryPoints: { server: 'src/server/main.ts', 'server-start': 'src/server/start.ts' },
      outdir: 'dist',
      plugins: [leaveFile('start', './server-start.js')],
    },
    {
      ...node,
      format: 'cjs',
      entryPoints: { extension: 'src/extension/extension.ts', 'extension-later': 'src/extension/later.ts' },
      outdir: 'dist',
      outExtension: { '.js': '.cjs' },
      external: ['vscode'],
      plugins: [leaveFile('later', './extension-later.cjs')],
      // Only what is required is told by VS Code which extension asks for its API.
      supported: { 'dynamic-import': false },
      // The CommonJS files of the language client's packages; their other builds cannot be bundled.
      mainFields: ['module', 'main'],
    },
    {
      ...shared,
      platform: 'browser',
      target: 'es2022',
      format: 'esm',
      entryPoints: {
        'metrics.webview': 'src/webview/metrics/main.ts',
        'compare.webview': 'src/webview/compare/main.ts',
        'playground.webview': 'src/webview/playground/main.ts',
        'notebook.renderer': 'src/webview/renderer/main.ts',
      },
      outdir: 'dist',
      loader: { '.css': 'text' },
    },
  ].filter(isWanted);
  for (const options of builds) {
    if (watch) await (await esbuild.context(options)).watch();
    else await esbuild.build(options);
  }
}
