import type { DataFacts, ModelFacts } from '../../protocol/inspect.ts';
import { dataParams, splitNames } from '../data-params.ts';
import { effective } from '../effective.ts';
import { stringAt } from '../node.ts';
import { lookup, splitOfReference } from '../reference.ts';
import { baseFolder } from '../model-folder.ts';
import type { FieldSchema } from '../schema/navigate.ts';
import type { TuneDocument } from '../tree.ts';
import { writeValue } from '../write-value.ts';
import type { CompletionContext, Suggestion } from './types.ts';

const LONGEST_EXAMPLE = 60;

/** The columns that the files of the data set have, with examples of what stands in them. */
export async function suggestColumns(context: CompletionContext, schema: FieldSchema): Promise<Suggestion[]> {
  const facts = await factsOfDataset(context, context.document);
  const columns = new Set(facts.flatMap((each) => each.columns));
  return [...columns].map((name) => {
    const examples = facts.flatMap((each) => each.examples.flatMap((row) => row[name] ?? [])).slice(0, 3);
    const shown = examples.map((text) => `- ${code(text)}`).join('\n');
    const documentation = [`**${name}** · a column of the data`, shown, schema.description ?? ''].join(
      '\n\n',
    );
    return { value: name, label: name, kind: 'column', detail: 'column', documentation };
  });
}

/** What data and model say about a field that the schema leaves open: labels, their number, names of layers. */
export async function suggestFromFacts(context: CompletionContext, field: string): Promise<Suggestion[]> {
  const { kind } = context.cursor;
  if (kind === 'dataset' && field === 'labels') return suggestLabels(context, context.document);
  if (kind === 'run' && field === 'model.labels')
    return suggestLabels(context, trainingData(context)?.dataset);
  if (kind === 'run' && field === 'model.num_labels') return suggestLabelCount(context);
  if (field === 'method.lora.target_modules' || field === 'method.lora.modules_to_save') {
    return suggestModules(context);
  }
  return [];
}

/** Single labels inside a list; in front of one, the whole list. */
async function suggestLabels(
  context: CompletionContext,
  dataset: TuneDocument | undefined,
): Promise<Suggestion[]> {
  const facts = await factsOfDataset(context, dataset);
  const labels = [...new Set(facts.flatMap((each) => Object.keys(each.labels ?? {})))].sort();
  if (labels.length < 2) return [];
  const documentation = `The ${labels.length} labels of the data, sorted.`;
  if (typeof context.cursor.path.at(-1) !== 'number' && context.cursor.place === 'value') {
    return [
      {
        yaml: writeValue(labels),
        label: `${labels.length} labels`,
        kind: 'value',
        detail: 'of the data',
        documentation,
      },
    ];
  }
  return labels
    .filter((label) => !context.cursor.siblings.includes(label))
    .map((label) => ({
      value: label,
      label,
      kind: 'value',
      detail: 'label',
      documentation: `**${label}**\n\n${documentation}`,
    }));
}

async function suggestLabelCount(context: CompletionContext): Promise<Suggestion[]> {
  const data = trainingData(context);
  const params = data && dataParams(context.project, data.dataset, data.split);
  const facts = params && (await context.host.dataFacts?.(params, context.signal));
  const labels = Object.keys(facts?.labels ?? {});
  if (!data || labels.length < 2 || facts?.partial) return [];
  const documentation = `**${labels.length}** · the labels of the training data\n\n${labels.slice(0, 30).map(code).join(', ')}`;
  return [
    {
      yaml: String(labels.length),
      label: String(labels.length),
      kind: 'value',
      detail: 'labels in the data',
      documentation,
    },
  ];
}

async function suggestModules(context: CompletionContext): Promise<Suggestion[]> {
  const { project, document, host, cursor, signal } = context;
  const folder = document && (await baseFolder(effective(project, document), host));
  const facts: ModelFacts | undefined = folder ? await host.modelFacts?.({ folder }, signal) : undefined;
  if (typeof cursor.path.at(-1) !== 'number' && cursor.place !== 'item') return [];
  return (facts?.modules ?? [])
    .filter((name) => !cursor.siblings.includes(name))
    .map((name) => ({
      value: name,
      label: name,
      kind: 'value',
      detail: 'module',
      documentation: `**${name}** · a linear layer of the model`,
    }));
}

/** The data set and split that the run trains on. */
function trainingData({
  project,
  file,
  document,
}: CompletionContext): { dataset: TuneDocument; split: string } | undefined {
  const reference = document && stringAt(effective(project, document), 'data', 'train');
  if (reference === undefined) return undefined;
  const { dataset, split } = splitOfReference(reference);
  const { found } = lookup(project, file, 'dataset', dataset);
  return found && split !== undefined ? { dataset: found, split } : undefined;
}

async function factsOfDataset(
  { project, host, signal }: CompletionContext,
  dataset: TuneDocument | undefined,
): Promise<DataFacts[]> {
  if (!dataset || !host.dataFacts) return [];
  const params = splitNames(project, dataset).flatMap((split) => dataParams(project, dataset, split) ?? []);
  const facts = await Promise.all(params.map(async (each) => host.dataFacts?.(each, signal)));
  return facts.filter((each) => each !== undefined);
}

function code(text: string): string {
  const short = text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE)}…` : text;
  return `\`${short.replace(/[`\r\n]+/g, ' ')}\``;
}
