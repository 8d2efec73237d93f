/** What a package must hold, by its name inside the extension's folder. */
const REQUIRED = [
  'package.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  'dist/extension.cjs',
  'dist/extension-later.cjs',
  'dist/server.js',
  'dist/server-start.js',
  'dist/tunebook.js',
  'dist/metrics.webview.js',
  'dist/compare.webview.js',
  'dist/playground.webview.js',
  'media/icon.png',
  'media/tunebook.svg',
  'syntaxes/tune.tmLanguage.json',
  'syntaxes/language-configuration.json',
  'schemas/tune.schema.json',
  'dist/notebook.renderer.js',
  'examples/editor-commands/experiment.tunebook.md',
  'examples/editor-commands/intents.tune.yaml',
  'examples/editor-commands/data/train.csv',
  'examples/editor-commands/data/validation.csv',
  'examples/editor-commands/data/test.csv',
  'examples/editor-commands/base/config.json',
  'examples/editor-commands/base/model.safetensors',
  'examples/editor-commands/base/tokenizer.json',
  'examples/editor-commands/data/written-train.jsonl',
  'examples/editor-commands/writer.tune.yaml',
  'examples/editor-commands/writer/model.safetensors',
  'examples/editor-commands/writer/tokenizer.json',
  'node_modules/onnxruntime-common/package.json',
  'node_modules/onnxruntime-common/dist/cjs/index.js',
  // It says that the folder is CommonJS.
  'node_modules/onnxruntime-common/dist/cjs/package.json',
  'node_modules/onnxruntime-node/package.json',
  'node_modules/onnxruntime-node/dist/index.js',
];

/** What it may hold besides. */
const ALLOWED = [
  /^dist\/[\w.-]+\.(js|cjs|css|LEGAL\.txt)$/,
  /^media\/[\w.-]+\.(svg|png)$/,
  /^media\/walkthrough\/[\w-]+\.md$/,
  /^syntaxes\/[\w.-]+\.json$/,
  /^schemas\/[\w.-]+\.json$/,
  /^examples\/[\w-]+\/([\w.-]+\.(tune\.yaml|md)|\.gitignore)$/,
  /^examples\/[\w-]+\/make\/([\w-]+\/)?[\w.-]+\.(mjs|txt|yaml)$/,
  /^examples\/[\w-]+\/data\/[\w.-]+\.(csv|jsonl|txt)$/,
  /^examples\/[\w-]+\/(base|writer)\/[\w.-]+\.(json|txt|safetensors)$/,
  /^examples\/[\w-]+\/[\w-]+\.files\/[\w.-]+\.svg$/,
  /^node_modules\/onnxruntime-common\/dist\/cjs\/[\w.-]+\.js$/,
  /^node_modules\/onnxruntime-node\/dist\/[\w.-]+\.js$/,
];

const PREFIX = 'extension/';
const ZIP_OWN = new Set(['extension.vsixmanifest', '[Content_Types].xml']);

/**
 * What is missing from a package and what does not belong there, each as a sentence; nothing when all is well.
 * @param {readonly { name: string }[]} entries of the zip file
 * @param {readonly string[]} native files that this platform's package must hold
 * @returns {string[]}
 */
export function checkContents(entries, native) {
  const names = entries
    .map(({ name }) => name)
    .filter((name) => !ZIP_OWN.has(name))
    .map((name) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : `../${name}`));
  const present = new Set(names);
  const wanted = new Set([...REQUIRED, ...native]);
  const missing = [...wanted].filter((name) => !present.has(name)).map((name) => `Missing: ${name}`);
  const strange = names
    .filter((name) => !wanted.has(name) && !ALLOWED.some((pattern) => pattern.test(name)))
    .map((name) => `Does not belong there: ${name}`);
  return [...missing, ...strange];
}
