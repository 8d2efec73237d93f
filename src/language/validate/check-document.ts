import type { CheckDiagnostic } from '../../protocol/check.ts';
import type { Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import type { TuneDocument } from '../tree.ts';
import { checkKind, hasOneKind } from './document.ts';
import { checkMissing } from './missing.ts';
import { checkStructure } from './structure.ts';
import type { World } from './world.ts';

/** Everything that is wrong with one document: its text, what it refers to, and the data and model that it names. */
export async function checkDocument(
  project: Project,
  document: TuneDocument,
  _world: World,
): Promise<(Problem | CheckDiagnostic)[]> {
  const found: (Problem | CheckDiagnostic)[] = checkKind(document);
  if (!hasOneKind(document)) return found;
  found.push(...checkStructure(document), ...checkMissing(project, document));
  return found;
}
