import type { NotebookDocument } from 'vscode';
import { TunebookError } from '../../protocol/error.ts';

/** Milliseconds for which a save is tried, and between two tries; on a slow machine a single one may take as long as all. */
const PATIENCE = 5000;
const PAUSE = 100;
const TRIES = 10;

/**
 * Saves a notebook that is not saved yet. VS Code gives a save up when the notebook changes meanwhile, as it does when the result of the
 * cell before has only just come: then it is saved again.
 * @throws TunebookError `launch/not-on-disk` when it cannot be saved
 */
export async function saveNotebook(
  notebook: Pick<NotebookDocument, 'isDirty' | 'save'>,
  patience = PATIENCE,
): Promise<void> {
  const end = performance.now() + patience;
  for (let tries = 1; notebook.isDirty; tries++) {
    if (await notebook.save()) return;
    if (performance.now() > end && tries >= TRIES) throw notSaved();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

function notSaved(): TunebookError {
  return new TunebookError(
    'launch/not-on-disk',
    'The notebook could not be saved, and the trainer reads the file.',
    { hint: 'Save it, and run the cell again.' },
  );
}
