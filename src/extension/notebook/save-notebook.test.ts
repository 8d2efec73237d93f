import assert from 'node:assert/strict';
import { saveNotebook } from './save-notebook.ts';

/** A notebook whose first saves fail. */
function notebook(failures: number, isSavedByOthers = false) {
  let tries = 0;
  return {
    isDirty: true,
    get tries() {
      return tries;
    },
    save() {
      const done = tries++ >= failures;
      if (done || isSavedByOthers) this.isDirty = false;
      return Promise.resolve(done);
    },
  };
}

describe('a notebook that a cell needs on disk', () => {
  it('is not saved when it is saved already', async () => {
    const saved = { ...notebook(0), isDirty: false };
    await saveNotebook(saved);
    assert.equal(saved.isDirty, false);
  });

  it('is saved again when a change overtook the save', async () => {
    const overtaken = notebook(2);
    await saveNotebook(overtaken);
    assert.deepEqual([overtaken.tries, overtaken.isDirty], [3, false]);
  });

  it('may be saved by somebody else at the same moment', async () => {
    const shared = notebook(9, true);
    await saveNotebook(shared);
    assert.equal(shared.tries, 1);
  });

  it('that cannot be saved is said to be so', async () => {
    await assert.rejects(saveNotebook(notebook(Infinity), 150), /could not be saved/);
  });
});
