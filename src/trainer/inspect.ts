import type { Readable, Writable } from 'node:stream';
import {
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import {
  INSPECT,
  type InspectDataParams,
  type InspectModelParams,
  type InspectSizeParams,
  type InspectSharedParams,
  type InspectTokensParams,
} from '../protocol/inspect.ts';
import { FactsCache } from './facts-cache.ts';

/** LSP's code for a request that was cancelled. */
const REQUEST_CANCELLED = -32800;

/**
 * Answers `inspect/data`, `inspect/model`, `inspect/size`, `inspect/shared` and `inspect/tokens` over JSON-RPC with LSP framing, several at a time, until the input ends. A cancelled
 * request is given up at the next pause and answered with LSP's error for that.
 */
export async function serveInspect(input: Readable, output: Writable): Promise<void> {
  const connection = createMessageConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
  const facts = new FactsCache();
  connection.onRequest(INSPECT.data, async (params: unknown, token: CancellationToken) => {
    if (!isDataParams(params)) throw invalid(INSPECT.data);
    return cancellable(token, (signal) => facts.data(params, signal));
  });
  connection.onRequest(INSPECT.model, async (params: unknown, token: CancellationToken) => {
    if (!isModelParams(params)) throw invalid(INSPECT.model);
    return cancellable(token, (signal) => facts.model(params, signal));
  });
  connection.onRequest(INSPECT.size, async (params: unknown, token: CancellationToken) => {
    if (!isSizeParams(params)) throw invalid(INSPECT.size);
    return cancellable(token, async (signal) => (await facts.size(params, signal)) ?? null);
  });
  connection.onRequest(INSPECT.shared, async (params: unknown, token: CancellationToken) => {
    if (!isSharedParams(params)) throw invalid(INSPECT.shared);
    return cancellable(token, async (signal) => (await facts.shared(params, signal)) ?? null);
  });
  connection.onRequest(INSPECT.tokens, async (params: unknown, token: CancellationToken) => {
    if (!isTokensParams(params)) throw invalid(INSPECT.tokens);
    return cancellable(token, async (signal) => (await facts.tokens(params, signal)) ?? null);
  });
  // The other end is the editor's server: without it nobody wants an answer.
  const ended = new Promise<void>((resolve) => {
    connection.onClose(resolve);
    input.once('end', resolve);
    output.once('error', () => resolve());
  });
  connection.listen();
  await ended;
  connection.dispose();
}

async function cancellable<Answer>(
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

function invalid(method: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, `The parameters of ${method} have another form.`);
}

function isDataParams(value: unknown): value is InspectDataParams {
  return (
    isRecord(value) &&
    isStrings(value['files']) &&
    isRecord(value['columns']) &&
    isStrings(Object.values(value['columns'])) &&
    typeof value['format'] === 'string' &&
    (value['labels'] === undefined || isStrings(value['labels']))
  );
}

function isSharedParams(value: unknown): value is InspectSharedParams {
  return isRecord(value) && isDataParams(value['train']) && isDataParams(value['eval']);
}

function isTokensParams(value: unknown): value is InspectTokensParams {
  if (!isRecord(value) || !isStrings(value['files'])) return false;
  const { run } = value;
  return isRecord(run) && ['model', 'data', 'train'].every((name) => isRecord(run[name]));
}

function isModelParams(value: unknown): value is InspectModelParams {
  return isRecord(value) && typeof value['folder'] === 'string';
}

function isSizeParams(value: unknown): value is InspectSizeParams {
  return (
    isRecord(value) &&
    typeof value['folder'] === 'string' &&
    typeof value['task'] === 'string' &&
    (value['num_labels'] === undefined || typeof value['num_labels'] === 'number') &&
    isRecord(value['method']) &&
    typeof value['gradient_accumulation_steps'] === 'number'
  );
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
