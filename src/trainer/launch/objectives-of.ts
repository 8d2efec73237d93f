import { resolveObjective } from '../../language/resolve.ts';
import type { ResolvedObjective } from '../../language/resolved.ts';
import { isWhole } from '../../language/validate/missing.ts';
import type { CheckedConfig } from './open-checked.ts';

/** The objectives of a config's file that its evaluation measures. */
export function objectivesOf({ project, document }: CheckedConfig): ResolvedObjective[] {
  return document.file.documents
    .filter((each) => each.kind === 'objective' && isWhole(project, each))
    .map((each) => resolveObjective(project, each))
    .filter(
      ({ evaluate: measured }) => measured.name === document.name && measured.file === document.file.path,
    );
}
