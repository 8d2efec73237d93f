import { ErrorCodes, LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node';

/** A cancellation token as a signal. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

/**
 * Runs the handler of a request. A cancelled request ends as one; a fault of ours is told to the log and answered with an
 * error, and the server goes on.
 */
export async function answer<Result>(
  token: CancellationToken,
  log: (error: unknown) => void,
  handle: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | ResponseError> {
  const signal = signalOf(token);
  try {
    const result = await handle(signal);
    return signal.aborted ? cancelled() : result;
  } catch (error) {
    if (signal.aborted) return cancelled();
    log(error);
    const message = error instanceof Error ? error.message : String(error);
    return new ResponseError(ErrorCodes.InternalError, `Tunebook could not answer: ${message}`);
  }
}

function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}
