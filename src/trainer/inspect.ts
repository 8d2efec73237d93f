import type { Readable, Writable } from 'node:stream';
import type { CancellationToken } from 'vscode-jsonrpc/node';
import {
  INSPECT,
  type InspectDataParams,
  type InspectDeviceParams,
  type InspectFitParams,
  type InspectModelParams,
  type InspectPromptParams,
  type InspectSizeParams,
  type InspectSharedParams,
  type InspectTokensParams,
  type InspectVocabularyParams,
} from '../protocol/inspect.ts';
import { FactsCache } from './facts-cache.ts';
import { cancellable, invalidParams, serveStdio } from './stdio-server.ts';

/**
 * Answers the questions of {@link INSPECT} over JSON-RPC with LSP framing, several at a time, until the input ends. A cancelled
 * request is given up at the next pause and answered with LSP's error for that.
 */
export async function serveInspect(input: Readable, output: Writable): Promise<void> {
  const facts = new FactsCache();
  await serveStdio(input, output, (connection) => {
    const answer = <Params>(
      method: string,
      isParams: (value: unknown) => value is Params,
      ask: (params: Params, signal: AbortSignal) => Promise<unknown>,
    ) =>
      connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
        if (!isParams(params)) throw invalidParams(method);
        // JSON has no `undefined`.
        return cancellable(token, async (signal) => (await ask(params, signal)) ?? null);
      });
    answer(INSPECT.data, isDataParams, (params, signal) => facts.data(params, signal));
    answer(INSPECT.model, isModelParams, (params, signal) => facts.model(params, signal));
    answer(INSPECT.size, isSizeParams, (params, signal) => facts.size(params, signal));
    answer(INSPECT.fit, isFitParams, (params, signal) => facts.fit(params, signal));
    answer(INSPECT.vocabulary, isVocabularyParams, (params, signal) => facts.vocabulary(params, signal));
    answer(INSPECT.shared, isSharedParams, (params, signal) => facts.shared(params, signal));
    answer(INSPECT.tokens, isTokensParams, (params, signal) => facts.tokens(params, signal));
    answer(INSPECT.device, isDeviceParams, (params) => facts.device(params));
    answer(INSPECT.prompt, isPromptParams, (params, signal) => facts.prompt(params, signal));
  });
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

function isDeviceParams(value: unknown): value is InspectDeviceParams {
  return isRecord(value) && typeof value['device'] === 'string';
}

function isPromptParams(value: unknown): value is InspectPromptParams {
  return (
    isRecord(value) &&
    isRecord(value['prompt']) &&
    isRecord(value['use']) &&
    isRecord(value['use']['candidates']) &&
    Number.isInteger(value['row']) &&
    Number(value['row']) >= 0 &&
    typeof value['workspace'] === 'string'
  );
}

function isModelParams(value: unknown): value is InspectModelParams {
  return isRecord(value) && typeof value['folder'] === 'string';
}

function isFitParams(value: unknown): value is InspectFitParams {
  return (
    isRecord(value) &&
    typeof value['folder'] === 'string' &&
    typeof value['task'] === 'string' &&
    (value['num_labels'] === undefined || typeof value['num_labels'] === 'number') &&
    isRecord(value['method'])
  );
}

function isSizeParams(value: unknown): value is InspectSizeParams {
  return (
    isFitParams(value) &&
    'gradient_accumulation_steps' in value &&
    typeof value.gradient_accumulation_steps === 'number'
  );
}

function isVocabularyParams(value: unknown): value is InspectVocabularyParams {
  return (
    isRecord(value) &&
    typeof value['folder'] === 'string' &&
    typeof value['place'] === 'string' &&
    (value['rows'] === undefined || typeof value['rows'] === 'number')
  );
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
