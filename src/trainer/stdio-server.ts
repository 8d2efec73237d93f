import type { Readable, Writable } from 'node:stream';
import {
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
  type MessageConnection,
} from 'vscode-jsonrpc/node';

/** LSP's code for a request that was cancelled. */
const REQUEST_CANCELLED = -32800;

/**
 * Answers over JSON-RPC with LSP framing, several requests at a time, until the input ends.
 * @param register says what is answered
 */
export async function serveStdio(
  input: Readable,
  output: Writable,
  register: (connection: MessageConnection) => void,
): Promise<void> {
  const connection = createMessageConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
  register(connection);
  // The other end is an editor: without it nobody wants an answer.
  const ended = new Promise<void>((resolve) => {
    connection.onClose(resolve);
    input.once('end', resolve);
    output.once('error', () => resolve());
  });
  connection.listen();
  await ended;
  connection.dispose();
}

/**
 * Does something that a cancelled request aborts.
 * @throws ResponseError with LSP's code for a cancelled request, where it was
 */
export async function cancellable<Answer>(
  token: CancellationToken,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const abort = new AbortController();
  const listening = token.onCancellationRequested(() => abort.abort());
  if (token.isCancellationRequested) abort.abort();
  try {
    abort.signal.throwIfAborted();
    return await work(abort.signal);
  } catch (error) {
    if (abort.signal.aborted) throw new ResponseError(REQUEST_CANCELLED, 'The request was cancelled.');
    throw error;
  } finally {
    listening.dispose();
  }
}

/** The error for parameters that are not what a method takes. */
export function invalidParams(method: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, `The parameters of ${method} have another form.`);
}
