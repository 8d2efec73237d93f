import { cachedModels } from '../hub-cache.ts';
import { splitNames } from '../data-params.ts';
import { ancestry, effective } from '../effective.ts';
import { formatsOf } from '../schema/formats.ts';
import { summariseDocument } from '../help/summarise-document.ts';
import { stringAt, stringsOf, valueAt } from '../node.ts';
import { basename, dirname, resolvePath } from '../path.ts';
import { documentsInScope, lookup, qualified, splitReference } from '../reference.ts';
import type { ReferenceKind } from '../schema/field.ts';
import type { Kind } from '../schema/kinds.ts';
import type { FieldSchema } from '../schema/navigate.ts';
import type { TuneDocument } from '../tree.ts';
import { suggestColumns } from './suggest-facts.ts';
import { suggestDataFiles, suggestFolders } from './suggest-paths.ts';
import type { CompletionContext, Suggestion } from './types.ts';

/** What a string that names something could name. */
export async function suggestReferences(
  context: CompletionContext,
  kind: ReferenceKind,
  schema: FieldSchema,
): Promise<Suggestion[]> {
  switch (kind) {
    case 'split':
      return suggestSplits(context);
    case 'extends':
      return suggestParents(context);
    case 'run-document':
      return suggestDocuments(context, 'run');
    case 'evaluate-document':
      return suggestDocuments(context, 'evaluate');
    case 'prompt':
      return suggestDocuments(context, 'prompt');
    case 'candidate':
      return suggestCandidates(context);
    case 'folder':
      return suggestFolders(context);
    case 'run':
      return suggestRuns(context, '');
    case 'model':
      return [
        ...(await suggestFolders(context, 'config.json')),
        ...(await suggestRuns(context, 'run:')),
        ...(await suggestCachedModels(context)),
      ];
    case 'tokenizer':
      return [...(await suggestFolders(context, 'tokenizer.json')), ...(await suggestCachedModels(context))];
    case 'data-file':
      return suggestDataFiles(context);
    case 'column':
      return suggestColumns(context, schema);
  }
}

/** `DATASET.SPLIT` of every data set; those whose format the document needs come first. */
function suggestSplits(context: CompletionContext): Suggestion[] {
  const { project } = context;
  const wanted = neededFormats(context);
  const all = candidates(context, 'dataset').flatMap(({ document, name }) => {
    const root = effective(project, document);
    const format = stringAt(root, 'format');
    return splitNames(project, document).map((split) => {
      const files = stringsOf(valueAt(root, 'files', split)).map(({ value }) => `\`${value}\``);
      const value = `${name}.${split}`;
      const documentation = `**${value}**\n\n${files.join(', ')}\n\n${summariseDocument(project, document)}`;
      return {
        fits: format !== undefined && wanted.includes(format),
        suggestion: reference(value, format, documentation),
      };
    });
  });
  return [...all.filter(({ fits }) => fits), ...all.filter(({ fits }) => !fits)].map(
    ({ suggestion }) => suggestion,
  );
}

function neededFormats({ project, document }: CompletionContext): readonly string[] {
  const root = document?.kind === 'run' ? effective(project, document) : undefined;
  const task = stringAt(root, 'model', 'task') ?? 'text-classification';
  return formatsOf(task, stringAt(root, 'model', 'problem_type'));
}

/** Documents of the same kind that do not take from this one themselves. */
function suggestParents(context: CompletionContext): Suggestion[] {
  const { project, document, cursor } = context;
  if (!cursor.kind) return [];
  return candidates(context, cursor.kind)
    .filter((each) => each.document !== document)
    .filter((each) => !document || !ancestry(project, each.document).ancestors.includes(document))
    .map(({ document: each, name }) =>
      reference(name, basename(each.file.path), summariseDocument(project, each)),
    );
}

function suggestDocuments(context: CompletionContext, kind: Kind): Suggestion[] {
  return candidates(context, kind).map(({ document, name }) =>
    reference(name, basename(document.file.path), summariseDocument(context.project, document)),
  );
}

/** The candidates of the evaluation that an objective names. */
function suggestCandidates({ project, document }: CompletionContext): Suggestion[] {
  const root = document && effective(project, document);
  const evaluation = document && stringAt(root, 'evaluate');
  if (!document || evaluation === undefined) return [];
  const { found } = lookup(project, document.file, 'evaluate', evaluation);
  const named = found && valueAt(effective(project, found), 'candidates');
  if (!found || named?.type !== 'map') return [];
  return named.entries.map(({ name }) => reference(name, 'candidate', summariseDocument(project, found)));
}

/** Runs that a config describes, and runs that lie on the disk. */
async function suggestRuns(context: CompletionContext, prefix: '' | 'run:'): Promise<Suggestion[]> {
  const { project, file, document, host } = context;
  const described = candidates(context, 'run').filter((each) => each.document !== document);
  const suggestions = described.map(({ document: each, name }) =>
    reference(prefix + name, 'run', summariseDocument(project, each)),
  );
  for (const name of (await host.runNames?.(file.path)) ?? []) {
    if (described.some((each) => each.name === name)) continue;
    suggestions.push(
      reference(prefix + name, 'finished run', `**${name}**\n\nThe newest finished run of that name.`),
    );
  }
  return suggestions;
}

/** Models of the Hub that have been fetched before. */
async function suggestCachedModels({ host }: CompletionContext): Promise<Suggestion[]> {
  const names = await cachedModels(host);
  return names.map((name) => {
    const documentation = `**${name}**\n\nA model of the Hugging Face Hub that lies in the cache of this machine.`;
    return reference(`hf:${name}`, 'in the cache', documentation);
  });
}

/** Documents of a kind, each with the name that means it here. A typed `FILE#` asks for those of that file. */
function candidates(context: CompletionContext, kind: Kind): { document: TuneDocument; name: string }[] {
  const { project, file, typed } = context;
  const { path } = splitReference(typed);
  if (path !== undefined) {
    const named = project.files.get(resolvePath(dirname(file.path), path));
    const documents = named?.documents.filter((each) => each.kind === kind && each.name !== undefined) ?? [];
    return documents.map((document) => ({ document, name: `${path}#${document.name ?? ''}` }));
  }
  return documentsInScope(project, file, kind).map((document) => {
    const name = document.name ?? '';
    const plain = lookup(project, file, kind, name).found === document;
    return { document, name: plain ? name : qualified(file, document) };
  });
}

function reference(value: string, detail: string | undefined, documentation: string): Suggestion {
  return { value, label: value, kind: 'reference', documentation, ...(detail !== undefined && { detail }) };
}
