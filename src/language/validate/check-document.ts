import type { CheckDiagnostic } from '../../protocol/check.ts';
import type { Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import type { TuneDocument } from '../tree.ts';
import { checkArguments } from './arguments.ts';
import { checkChatTemplate } from './chat-template.ts';
import { checkColumns } from './columns.ts';
import { checkDataFiles, checkRows, checkTemplateFile } from './data-files.ts';
import { DatasetView } from './dataset-view.ts';
import { checkKind, hasOneKind } from './document.ts';
import { checkFit } from './fit.ts';
import { Fields } from './fields.ts';
import { checkLabels } from './labels.ts';
import { checkMethod } from './method.ts';
import { checkMissing } from './missing.ts';
import { checkModel } from './model.ts';
import { checkOverridden } from './overridden.ts';
import { checkDevice } from './device.ts';
import { checkDuplicateSplits } from './duplicate-splits.ts';
import { checkObjective } from './objective.ts';
import { checkPromptColumns } from './prompt-columns.ts';
import { checkSharedRows } from './shared-rows.ts';
import { checkTokens } from './token-facts.ts';
import { checkExport } from './export.ts';
import { checkExportFolder } from './export-folder.ts';
import { checkHeldOut } from './held-out.ts';
import { checkNamedDocuments, checkObjectiveCandidate } from './named-documents.ts';
import { checkPrecision } from './precision.ts';
import { checkProblemType } from './problem-type.ts';
import { checkJudge } from './judge.ts';
import { checkPrompting } from './prompt.ts';
import { checkExtends } from './references.ts';
import { checkRecognised } from './recognised.ts';
import { checkRunReferences } from './run-references.ts';
import { checkSchedule } from './schedule.ts';
import { checkSharedData } from './shared-data.ts';
import { checkSplits } from './split-references.ts';
import { checkSteps } from './steps.ts';
import { checkStructure } from './structure.ts';
import { checkSweep } from './sweep.ts';
import { checkTags } from './tags.ts';
import { checkVariables } from './variables.ts';
import type { World } from './world.ts';

/** Everything that is wrong with one document: its text, what it refers to, and the data and model that it names. */
export async function checkDocument(
  project: Project,
  document: TuneDocument,
  world: World,
): Promise<(Problem | CheckDiagnostic)[]> {
  const found: (Problem | CheckDiagnostic)[] = checkKind(document);
  if (!hasOneKind(document)) return found;
  const fields = new Fields(project, document);
  found.push(
    ...checkStructure(project, document),
    ...checkVariables(project, document),
    ...checkMissing(project, document),
    ...checkExtends(project, document),
    ...checkSplits(project, document),
    ...checkNamedDocuments(project, document),
    ...checkObjectiveCandidate(project, document),
    ...checkSweep(fields),
    ...checkPrompting(fields),
    ...checkJudge(project, fields),
    ...checkTags(project, fields),
    ...checkExport(fields),
    ...checkHeldOut(fields),
    ...checkObjective(project, fields),
    ...checkOverridden(fields),
  );
  if (document.kind === 'run') {
    found.push(
      ...checkArguments(project, fields),
      ...checkMethod(fields),
      ...checkSchedule(fields),
      ...checkProblemType(project, fields),
    );
  }
  found.push(
    ...(await checkSharedData(project, fields, world)),
    ...(await checkFacts(project, fields, world)),
  );
  // What a run with an error would do to its rows is of no use.
  const isRight = found.every(({ severity }) => severity !== 'error');
  if (document.kind !== 'run' || !isRight) return found;
  const refused = await checkFit(project, fields, world);
  return [...found, ...(refused.length > 0 ? refused : await checkTokens(project, fields, world))];
}

/** What only the disk, the data and the model can tell. */
async function checkFacts(
  project: Project,
  fields: Fields,
  world: World,
): Promise<(Problem | CheckDiagnostic)[]> {
  const { document } = fields;
  if (document.kind === 'dataset') {
    const view = new DatasetView(project, document);
    const recognised = await view.recognise(world);
    return [
      ...(recognised ? checkRecognised(fields, recognised) : []),
      ...(await checkDataFiles(view, world)),
      ...(await checkDuplicateSplits(project, fields, world)),
      ...(await checkColumns(view, world)),
      ...(await checkRows(view, world)),
    ];
  }
  const found = [
    ...(await checkRunReferences(project, fields, world)),
    ...(await checkModel(fields, world)),
    ...(await checkExportFolder(project, fields, world)),
    ...(await checkSharedRows(project, fields, world)),
    ...(await checkPromptColumns(project, fields, world)),
  ];
  if (document.kind !== 'run') return found;
  return [
    ...found,
    ...(await checkTemplateFile(fields, world)),
    ...(await checkChatTemplate(project, fields, world)),
    ...(await checkLabels(project, fields, world)),
    ...(await checkSteps(project, fields, world)),
    ...(await checkDevice(fields, world)),
    ...(await checkPrecision(fields, world)),
  ];
}
