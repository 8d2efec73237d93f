import type { CheckDiagnostic } from '../../protocol/check.ts';
import { isTelling, replaceTexts, slotOf, variablesIn, withoutDots } from '../../protocol/environment.ts';
import type { Project } from '../project.ts';
import { KINDS } from '../schema/kinds.ts';
import { alternatives, schemaOf, type FieldSchema } from '../schema/navigate.ts';

/**
 * Diagnostics with `${env.NAME}` in place of its value: they stand in logs of CI and in notebooks, where a token must not. A word
 * of the language is no secret and stays.
 */
export function maskMessages(project: Project, diagnostics: CheckDiagnostic[]): CheckDiagnostic[] {
  const { environment } = project;
  if (!environment) return diagnostics;
  const names = new Set([...project.files.values()].flatMap(({ text }) => variablesIn(text)));
  const values = [...names].flatMap((name) => {
    const value = withoutDots(environment[name] ?? '');
    return isTelling(value) && !words().has(value) ? [[value, slotOf(name)] as const] : [];
  });
  values.sort(([a], [b]) => b.length - a.length);
  const mask = replaceTexts(values);
  return diagnostics.map((each) => ({ ...each, message: mask(each.message) }));
}

let known: ReadonlySet<string> | undefined;

/** Every word that a field may take. */
function words(): ReadonlySet<string> {
  known ??= new Set(KINDS.flatMap((kind) => [...wordsOf(schemaOf(kind))]));
  return known;
}

function* wordsOf(schema: FieldSchema): Generator<string> {
  for (const each of alternatives(schema)) {
    for (const value of [...(each.enum ?? []), each.const]) if (typeof value === 'string') yield value;
    const inside = [each.items, ...Object.values({ ...each.properties, ...each.patternProperties })];
    for (const child of inside) if (child) yield* wordsOf(child);
  }
}
