import type Type from 'typebox';
import { toValue, valueAt } from './node.ts';
import type { Project } from './project.ts';
import { dataReference } from './resolve-dataset.ts';
import { checked, effectiveRoot, given } from './resolve-support.ts';
import { fillDefaults, resolveValue } from './resolve-value.ts';
import type { GenerationSettings, ResolvedPrompt } from './resolved.ts';
import { GenerationSchema } from './schema/generation.ts';
import { KIND_SCHEMAS } from './schema/kinds.ts';
import { schemaOf } from './schema/navigate.ts';
import type { Node, TuneDocument } from './tree.ts';

/**
 * A `prompt:` document with the split of its examples in place of its name, and every generation setting.
 * @throws Error when the document is not valid: check it first
 */
export function resolvePrompt(project: Project, document: TuneDocument): ResolvedPrompt {
  const root = effectiveRoot(project, document, 'prompt');
  const value = checked(KIND_SCHEMAS.prompt, resolveValue(root, schemaOf('prompt')), document);
  const { messages, template, examples } = value;
  const data = dataReference(project, root, ['examples', 'data']);
  return {
    name: value.prompt,
    file: document.file.path,
    ...(messages && { messages }),
    ...(template !== undefined && { template }),
    ...(examples && {
      examples: {
        data: given(data, document),
        count: given(examples.count, document),
        select: given(examples.select, document),
        seed: given(examples.seed, document),
      },
    }),
    generation: resolveGeneration([valueAt(root, 'generation')], document),
  };
}

/**
 * Generation settings with their defaults; of several sections the first that says something is heard.
 * @throws Error when a setting is not valid: check the document first
 */
export function resolveGeneration(
  sections: readonly (Node | undefined)[],
  document: TuneDocument,
): GenerationSettings {
  const given: Record<string, unknown> = {};
  for (const section of [...sections].reverse()) {
    if (section?.type !== 'map') continue;
    for (const { name, value } of section.entries) {
      if (value.type !== 'scalar' || value.value !== null) given[name] = toValue(value);
    }
  }
  const settings: Type.Static<typeof GenerationSchema> = checked(
    GenerationSchema,
    fillDefaults(given, GenerationSchema),
    document,
  );
  // SAFETY: every field but `stop_strings` has a default, which has been filled in.
  return settings as GenerationSettings;
}
