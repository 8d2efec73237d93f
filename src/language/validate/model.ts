import type { DataProblem } from '../../protocol/inspect.ts';
import { setFix } from '../edit.ts';
import { isHubReference, parseHubModel } from '../hub-reference.ts';
import { rootMap } from '../node.ts';
import { basename, dirname, resolvePath } from '../path.ts';
import { problem, problemOfTrainer, replaceFix, yamlString, type Problem } from '../problem.ts';
import { withHint } from '../to-diagnostic.ts';
import type { ScalarNode } from '../tree.ts';
import { baseFolder, knownBaseFolder, knownFolder, modelFolder } from './base-folder.ts';
import { similarPathFix, unreadable } from './data-files.ts';
import type { Fields } from './fields.ts';
import { checkModuleNames } from './fit.ts';
import { homeFolder } from './home-folder.ts';
import { checkLearningRate } from './learning-rate.ts';
import { listNames } from './list-names.ts';
import { checkStateMemory } from './memory.ts';
import { checkModelFit } from './model-fit.ts';
import { checkOwnVocabulary, checkVocabulary } from './vocabulary.ts';
import type { World } from './world.ts';

/** The model and tokenizer of a run, or the models of an evaluation: whether they are there, and whether settings fit them. */
export async function checkModel(fields: Fields, world: World): Promise<Problem[]> {
  const { kind } = fields.document;
  if (kind === 'run') {
    const folder = await knownBaseFolder(fields, world);
    const facts = folder === undefined ? undefined : await world.modelFacts(folder);
    return [
      ...(await checkFolder(fields, ['model', 'base'], world)),
      ...checkScratch(fields),
      ...(await checkTokenizer(fields, world)),
      ...(await checkVocabulary(fields, folder, facts, world)),
      ...checkModelFit(fields, facts),
      ...(await checkModuleNames(fields, world)),
      ...checkStateMemory(fields, facts),
      ...checkLearningRate(fields, facts?.base_folder === undefined ? facts?.parameters : undefined),
    ];
  }
  if (kind === 'export') return checkFolder(fields, ['model'], world);
  const candidates = kind === 'evaluate' ? fields.node('candidates') : undefined;
  if (candidates?.type !== 'map') return [];
  const paths = [...candidates.entries.map(({ name }) => ['candidates', name, 'model']), ['judge', 'model']];
  return (await Promise.all(paths.map((path) => checkCandidate(fields, path, world)))).flat();
}

async function checkCandidate(fields: Fields, path: string[], world: World): Promise<Problem[]> {
  const found = await checkFolder(fields, path, world);
  const node = fields.node(...path);
  const folder = await knownFolder(fields, world, ...path);
  if (!node || folder === undefined || found.length > 0) return found;
  return checkOwnVocabulary(node, folder, await world.modelFacts(folder), world);
}

async function checkFolder(fields: Fields, path: string[], world: World): Promise<Problem[]> {
  const node = fields.node(...path);
  const folder = modelFolder(fields, ...path);
  if (node?.type !== 'scalar') return [];
  if (isHubReference(String(node.value))) return checkHubModel(node, world);
  if (folder === undefined) return [];
  const missing = await missingFolder(node, folder, 'model', world);
  if (missing) return [missing];
  if (await lacks(folder, ['config.json', 'adapter_config.json'], world))
    return [await noModelFolder(node, folder, world)];
  return showModelProblems(node, (await world.modelFacts(folder))?.problems ?? []);
}

/** A folder that holds something else; maybe the models are one level below. */
async function noModelFolder(node: ScalarNode, folder: string, world: World): Promise<Problem> {
  const text = String(node.value);
  const message = `\`${text}\` is no model folder: it holds no \`config.json\`.`;
  const below = (await world.filesOf(`${folder}/*/config.json`)).map((path) => basename(dirname(path)));
  const [only] = below;
  if (only === undefined)
    return problem('tune/missing-model', node, `${message} Name the folder that \`save_pretrained\` wrote.`);
  if (below.length > 1) {
    const hint = `Name a folder in it: ${listNames(below)}.`;
    return problem('tune/missing-model', node, `${message} ${hint}`);
  }
  const meant = `${text.replace(/\/$/, '')}/${only}`;
  return problem('tune/missing-model', node, `${message} Did you mean \`${meant}\`?`, [
    replaceFix(`Change to ${meant}`, node, yamlString(meant)),
  ]);
}

/** The form of a name, and what the cache knows of it. Of one that is not there yet nothing is known: no mistake. */
async function checkHubModel(node: ScalarNode, world: World): Promise<Problem[]> {
  const text = String(node.value);
  if (!parseHubModel(text)) {
    const message = `\`${text}\` is no name of the Hugging Face Hub. Write \`hf:owner/name\`, with \`@revision\` behind it for another branch, tag or commit than main.`;
    return [problem('tune/hub-name', node, message)];
  }
  const folder = await world.cachedModel(text);
  const facts = folder === undefined ? undefined : await world.modelFacts(folder);
  // The cache may hold a part of the files so far: only what config.json says is certain.
  return showModelProblems(
    node,
    (facts?.problems ?? []).filter(({ file }) => file.endsWith('config.json')),
  );
}

function showModelProblems(node: ScalarNode, problems: readonly DataProblem[]): Problem[] {
  return problems.map(({ code, message, hint }) => problemOfTrainer(code, node, withHint(message, hint)));
}

async function missingFolder(
  node: ScalarNode,
  folder: string,
  what: string,
  world: World,
): Promise<Problem | undefined> {
  const kind = await world.kindOf(folder);
  if (kind === 'unreadable') return unreadable(node);
  if (kind === 'file') {
    const message = `\`${String(node.value)}\` is a file; a ${what} is a folder. Name the folder that holds it.`;
    return problem('tune/missing-model', node, message);
  }
  if (kind !== 'missing') return undefined;
  const text = String(node.value);
  const home = homeFolder(node);
  if (home)
    return problem('tune/missing-model', node, `There is no ${what} folder \`${text}\`. ${home.hint}`, [
      home.fix,
    ]);
  const similar = await similarPathFix(node, folder, 'folder', world);
  const hub = what === 'model' && !similar ? await hubName(node, text, world) : undefined;
  const hint = similar
    ? `Did you mean \`${similar.meant}\`?`
    : 'Correct the path; it is relative to this file.';
  const also = hub === undefined ? '' : ` A model of the Hugging Face Hub is written \`${hub}\`.`;
  return problem('tune/missing-model', node, `There is no ${what} folder \`${text}\`. ${hint}${also}`, [
    similar?.fix,
    hub === undefined ? undefined : replaceFix(`Change to ${hub}`, node, yamlString(hub)),
  ]);
}

/** `hf:NAME`, where a text could be the name of a model on the Hub and is the beginning of no path. */
async function hubName(node: ScalarNode, text: string, world: World): Promise<string | undefined> {
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(text) || text.startsWith('.')) return undefined;
  const first = resolvePath(dirname(node.document.file.path), text.split('/')[0] ?? text);
  return (await world.kindOf(first)) === 'missing' ? `hf:${text}` : undefined;
}

/** What random weights need that a folder would bring. */
function checkScratch(fields: Fields): Problem[] {
  const node = fields.node('model', 'base');
  if (!node || fields.string('model', 'base') !== 'scratch') return [];
  const found: Problem[] = [];
  if (fields.isUnset('model', 'architecture')) {
    const path = ['model', 'architecture'];
    const message =
      'A model from scratch needs an architecture. Add `architecture: { model_type: bert }` and its sizes.';
    const add = setFix('Add architecture: BERT', rootMap(node.document), path, '{ model_type: bert }');
    found.push(problem('tune/missing-field', node, message, [add]));
  }
  if (fields.isUnset('model', 'tokenizer')) {
    const message =
      'A model from scratch needs a tokenizer. Add `tokenizer:` with a folder that holds `tokenizer.json`.';
    found.push(problem('tune/missing-field', node, message));
  }
  return found;
}

const TOKENIZERS = ['tokenizer.json', 'vocab.txt'];

/** A tokenizer of its own, or the one beside the base model. */
async function checkTokenizer(fields: Fields, world: World): Promise<Problem[]> {
  const own = fields.node('model', 'tokenizer');
  const node = own ?? fields.node('model', 'base');
  if (node?.type !== 'scalar') return [];
  if (own && isHubReference(String(node.value))) return checkHubModel(node, world);
  if (own && /^run:/.test(String(node.value))) {
    const message = `\`${String(node.value)}\` is no folder, and \`tokenizer\` takes one that holds \`tokenizer.json\`, or a name of the Hub (\`hf:owner/name\`).`;
    return [problem('tune/unsupported-source', node, message)];
  }
  const folder = own ? modelFolder(fields, 'model', 'tokenizer') : baseFolder(fields);
  if (folder === undefined) return [];
  const missing = own ? await missingFolder(node, folder, 'tokenizer', world) : undefined;
  if (missing) return [missing];
  if ((await world.kindOf(folder)) !== 'folder') return [];
  // A folder that is no model at all is told of already.
  if (!own && (await lacks(folder, ['config.json', 'adapter_config.json'], world))) return [];
  if (!(await lacks(folder, TOKENIZERS, world))) return [];
  const facts = own ? undefined : await world.modelFacts(folder);
  const isAdapter = !own && (await world.kindOf(resolvePath(folder, 'adapter_config.json'))) === 'file';
  // An adapter takes that of its base. Which one that is, is not known yet, or it is told already why not.
  if (isAdapter && (!facts || facts.problems.length > 0)) return [];
  const elsewhere = facts?.tokenizer_folder;
  if (elsewhere !== undefined && !(await lacks(elsewhere, TOKENIZERS, world))) return [];
  const message = `\`${String(node.value)}\` holds no tokenizer (no \`tokenizer.json\`, no \`vocab.txt\`). Copy it from where the model came from, or name its folder in \`tokenizer:\`.`;
  return [problem('tune/missing-model', node, message)];
}

/** Whether a folder certainly holds none of some files. */
async function lacks(folder: string, names: readonly string[], world: World): Promise<boolean> {
  const kinds = await Promise.all(names.map((name) => world.kindOf(resolvePath(folder, name))));
  return kinds.every((kind) => kind === 'missing');
}
