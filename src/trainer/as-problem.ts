import type { TunebookError } from '../protocol/error.ts';
import type { DataProblem } from '../protocol/inspect.ts';

/** What is wrong, as the language shows it. */
export function asProblem({ code, message, hint, location }: TunebookError, folder: string): DataProblem {
  return {
    code,
    file: location?.file ?? folder,
    ...(location?.line === undefined ? {} : { line: location.line }),
    ...(location?.column === undefined ? {} : { column: location.column }),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}
