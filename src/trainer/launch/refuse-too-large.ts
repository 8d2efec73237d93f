import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { checkState, openModel, openTokenizer } from '../loop/open-model.ts';
import { chooseDeviceOf } from '../runtime/devices.ts';

/**
 * Refuses a run whose model has no room, before it gets a directory and before the checksums of its weights are made, which means to
 * read them. All else that is wrong with it is told in its directory.
 * @throws TunebookError `run/memory` with what would fit
 */
export async function refuseTooLarge(run: ResolvedRun): Promise<void> {
  try {
    const opened = await openModel(run, () => openTokenizer(run, undefined));
    const { device } = await chooseDeviceOf(run);
    await checkState(run, opened, device);
  } catch (error) {
    if (!(error instanceof TunebookError) || error.code === 'run/memory') throw error;
  }
}
