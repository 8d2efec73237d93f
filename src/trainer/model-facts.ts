import { join } from 'node:path';
import type { ModelFacts } from '../protocol/inspect.ts';
import { TunebookError } from '../protocol/error.ts';
import { machineMemory } from '../runs/machine-memory.ts';
import { asProblem } from './as-problem.ts';
import { checkShapes } from './checkpoint/check-shapes.ts';
import { findTokenizer, stackedAdapters } from './checkpoint/inspect-model.ts';
import { labelsOf, readModelFolder } from './checkpoint/model-folder.ts';
import { checkAddedForAnyTask } from './checkpoint/other-base.ts';
import { readAdapter, type Adapter } from './checkpoint/read-adapter.ts';
import { loadChatTemplate } from './data/chat-template.ts';
import { CPU_LOWERING } from './graph/graph.ts';
import { parseModelConfig } from './models/config.ts';
import { elementCount } from './models/parameter.ts';
import { buildTask } from './models/task.ts';
import { readHeaders } from './safetensors/read.ts';
import type { SafetensorsHeader } from './safetensors/header.ts';

/**
 * What a checker and an editor want to know of a model folder: `config.json` and the headers of the weights are read, no
 * weight is. What is wrong with the folder is part of the answer, not an error.
 */
export function modelFacts(folder: string): ModelFacts {
  const facts: ModelFacts = {
    model_type: '',
    parameters: 0,
    hidden_size: 0,
    max_position_embeddings: 0,
    modules: [],
    memory: machineMemory().total,
    problems: [],
  };
  const attempt = (read: () => void) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof TunebookError)) throw error;
      facts.problems.push(asProblem(error, folder));
    }
  };
  attempt(() => {
    const { config: own, adapter } = readModelFolder(folder);
    let base = folder;
    let read: Adapter | undefined;
    attempt(() => {
      if (adapter) {
        read = readAdapter(folder, adapter);
        base = facts.base_folder = read.base;
      }
      const tokenizer = findTokenizer(folder);
      if (tokenizer !== folder) facts.tokenizer_folder = tokenizer;
    });
    const { config: ofBase, adapter: stacked } =
      base === folder ? { config: own, adapter: undefined } : readModelFolder(base);
    if (stacked) attempt(() => stackedAdapters(folder, base));
    const config = own ?? ofBase;
    const chatTemplate = hasChatTemplate(facts.tokenizer_folder ?? folder);
    if (chatTemplate !== undefined) facts.chat_template = chatTemplate;
    const headers: SafetensorsHeader[] = [];
    let hasWeights = false;
    for (const each of new Set([folder, base]))
      attempt(() => {
        headers.push(...readHeaders(each));
        hasWeights = each === base;
      });
    facts.parameters = countParameters(headers);
    const fields = config ?? {};
    facts.model_type = text(fields['model_type']) ?? text(adapter?.['peft_type'])?.toLowerCase() ?? '';
    facts.hidden_size = size(fields['hidden_size']) ?? size(fields['n_embd']) ?? 0;
    facts.max_position_embeddings =
      size(fields['max_position_embeddings']) ?? size(fields['n_positions']) ?? 0;
    facts.modules = storedModules(headers);
    const labels = labelsOf(config);
    // transformers names the outputs of a head like this when nobody else does.
    if (labels && !labels.every((label) => /^LABEL_\d+$/.test(label))) facts.labels = labels;
    if (config) attempt(() => describeArchitecture(facts, config, join(own ? folder : base, 'config.json')));
    if (!ofBase) return;
    attempt(() => {
      // What is wrong with a config that stands for both is told already.
      if (facts.problems.some(({ file }) => file === join(base, 'config.json'))) return;
      const known = parseModelConfig(ofBase, join(base, 'config.json'));
      if (hasWeights) checkShapes(base, known);
      facts.vocab_size = known.vocab_size;
      if (read && facts.problems.length === 0)
        checkAddedForAnyTask({ base, config: known, adapter: { ...read, folder } });
    });
  });
  return facts;
}

/** Of an architecture that the trainer computes, the sizes with their defaults and the layers that LoRA can adapt. */
function describeArchitecture(
  facts: ModelFacts,
  fields: Readonly<Record<string, unknown>>,
  file: string,
): void {
  const config = parseModelConfig(fields, file);
  const task = { kind: 'text-classification', numLabels: 2 } as const;
  const { builder } = buildTask(config, task, { training: false, lowering: CPU_LOWERING });
  facts.model_type = config.model_type;
  facts.hidden_size = config.hidden_size;
  facts.max_position_embeddings = config.max_position_embeddings;
  facts.modules = shortNames(builder.linearLayers.map(({ name }) => name));
}

/** Whether conversations can be rendered; undefined where a file is damaged, which is told when it is read. */
function hasChatTemplate(folder: string): boolean | undefined {
  try {
    loadChatTemplate(folder);
    return true;
  } catch (error) {
    return error instanceof TunebookError && error.code === 'data/no-chat-template' ? false : undefined;
  }
}

function countParameters(headers: readonly SafetensorsHeader[]): number {
  let count = 0;
  for (const { tensors } of headers) for (const { shape } of tensors.values()) count += elementCount(shape);
  return count;
}

/** Of any other architecture: what has a matrix and is no embedding. */
function storedModules(headers: readonly SafetensorsHeader[]): string[] {
  const names = headers.flatMap(({ tensors }) =>
    [...tensors]
      .filter(([name, { shape }]) => name.endsWith('.weight') && shape.length === 2)
      .map(([name]) => name),
  );
  return shortNames(
    names.map((name) => name.slice(0, -'.weight'.length)).filter((name) => !/embed|wte|wpe/.test(name)),
  );
}

/** The last part of each module's name, as `target_modules` is usually written. The head is always trained whole. */
function shortNames(modules: readonly string[]): string[] {
  const names = modules.map((name) => name.split('.').at(-1) ?? name);
  return [...new Set(names)].filter((name) => name !== 'classifier' && name !== 'score').sort();
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function size(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}
