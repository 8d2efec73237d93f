import type { CancellationToken } from 'vscode-languageserver/node';
import type { Project } from '../../language/project.ts';
import { promptTrial } from '../../language/prompt-trial.ts';
import { usesOfPrompt } from '../../language/prompt-use.ts';
import { promptViewText, type PromptView } from '../../language/prompt-view.ts';
import { resolvePrompt } from '../../language/resolve.ts';
import type { ResolvedPrompt } from '../../language/resolved.ts';
import type { TuneDocument } from '../../language/tree.ts';
import { isWhole } from '../../language/validate/missing.ts';
import {
  PROMPT_TRIAL_REQUEST,
  PROMPTS_REQUEST,
  type PromptsParams,
  type PromptsResult,
  type PromptTrialParams,
  type PromptTrialResult,
} from '../../protocol/language-server.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { about, type Context, type Opened } from './context.ts';

const BROKEN = 'It has mistakes: see the problems of the config.';

/** Prompts as models are asked by them, and configs that try them. */
export function servePrompts(context: Context): void {
  const { connection } = context;

  connection.onRequest(PROMPTS_REQUEST, ({ uri, name, row }: PromptsParams, token: CancellationToken) =>
    about<PromptsResult>(context, token, { textDocument: { uri } }, { row: 0 }, async (opened) => {
      const documents = opened.file.documents.filter(({ kind }) => kind === 'prompt');
      const first = documents.filter((document) => document.name === name);
      const others = documents.filter((document) => document.name !== name);
      const views = await Promise.all(
        [...first, ...others].map((document) => look(context, opened, document, row)),
      );
      const shown = Math.max(0, ...views.map(({ facts }) => facts?.row ?? 0));
      return { text: promptViewText(opened.file, views), row: shown };
    }),
  );

  connection.onRequest<PromptTrialResult, void>(
    PROMPT_TRIAL_REQUEST,
    ({ uri, name, folder, candidate }: PromptTrialParams, token: CancellationToken) =>
      about<PromptTrialResult>(
        context,
        token,
        { textDocument: { uri } },
        { problem: 'The config is not open.' },
        ({ project, file }): PromptTrialResult => {
          const document = file.documents.find((each) => each.kind === 'prompt' && each.name === name);
          if (!document || !resolved(project, document))
            return { problem: `The prompt "${name}": ${BROKEN}` };
          return promptTrial(project, document, { folder, ...(candidate !== undefined && { candidate }) });
        },
      ),
  );
}

async function look(
  { workspace }: Context,
  { project, path, signal }: Opened,
  document: TuneDocument,
  row: number,
): Promise<PromptView> {
  const name = document.name ?? 'A prompt without a name';
  if (!workspace.facts) return { name, reason: 'Data is read only in a folder that you trust.' };
  const prompt = resolved(project, document);
  if (!prompt) return { name, reason: BROKEN };
  const { data, candidates } = usesOfPrompt(project, prompt);
  const facts = await workspace.facts.prompt(
    { prompt: { ...prompt }, use: { data, candidates }, row, workspace: findWorkspace(path) },
    signal,
  );
  return facts
    ? { name, facts }
    : { name, reason: 'It could not be filled; the log of the language server says why.' };
}

/** A prompt that is being written may have mistakes. */
function resolved(project: Project, document: TuneDocument): ResolvedPrompt | undefined {
  if (!isWhole(project, document)) return undefined;
  try {
    return resolvePrompt(project, document);
  } catch {
    return undefined;
  }
}
