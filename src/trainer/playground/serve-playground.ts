import type { Readable, Writable } from 'node:stream';
import type { CancellationToken } from 'vscode-jsonrpc/node';
import { TunebookError } from '../../protocol/error.ts';
import {
  PLAYGROUND,
  SETTING_RANGES,
  type AskParams,
  type AskProgress,
  type AskResult,
  type NumberSetting,
  type OpenParams,
} from '../../protocol/playground.ts';
import { isOutOfMemory } from '../../runs/out-of-memory.ts';
import { explainError } from '../command-line/explain-error.ts';
import { cancellable, invalidParams, serveStdio } from '../stdio-server.ts';
import { LoadedModels } from './loaded-models.ts';
import { openSources } from './open-sources.ts';
import type { Player } from './player.ts';

/**
 * Answers `playground/open` and `playground/ask` over JSON-RPC with LSP framing until the input ends. Candidates of this machine answer one
 * after another, since they share its cores; those behind an endpoint at once.
 */
export async function servePlayground(input: Readable, output: Writable): Promise<void> {
  const models = new LoadedModels();
  const players = new Map<string, Player>();
  let turn: Promise<unknown> = Promise.resolve();

  await serveStdio(input, output, (connection) => {
    connection.onRequest(PLAYGROUND.open, async (params: unknown, token: CancellationToken) => {
      if (!isOpenParams(params)) throw invalidParams(PLAYGROUND.open);
      return cancellable(token, async (signal) => {
        const opened = await openSources(params.sources, { workspace: params.workspace, models, signal });
        players.clear();
        for (const { candidate, player } of opened) if (player) players.set(candidate.id, player);
        return opened.map(({ candidate }) => candidate);
      });
    });
    connection.onRequest<AskResult, void>(
      PLAYGROUND.ask,
      async (params: unknown, token: CancellationToken) => {
        const player = isAskParams(params) ? players.get(params.candidate) : undefined;
        if (!isAskParams(params) || !player) throw invalidParams(PLAYGROUND.ask);
        const tell = (progress: Omit<AskProgress, 'ask'>) =>
          void connection
            .sendNotification(PLAYGROUND.progress, { ask: params.ask, ...progress })
            .catch(() => undefined);
        return cancellable(token, async (signal): Promise<AskResult> => {
          const ask = async () => {
            signal.throwIfAborted();
            return await answer(player, params, { signal, tell });
          };
          if (!player.isLocal) return await ask();
          tell({ state: 'waiting' });
          const mine = turn.then(ask);
          turn = mine.catch(() => undefined);
          return await mine;
        });
      },
    );
  });
  await turn;
  await models.dispose();
}

async function answer(
  player: Player,
  params: AskParams,
  asking: Parameters<Player['ask']>[1],
): Promise<AskResult> {
  try {
    return { type: 'answer', ...(await player.ask(params, asking)) };
  } catch (error) {
    if (asking.signal.aborted || !(error instanceof TunebookError || isOutOfMemory(error))) throw error;
    const { code, message, hint } = explainError(error, '.');
    return { type: 'problem', code, message, ...(hint === undefined ? {} : { hint }) };
  }
}

function isOpenParams(value: unknown): value is OpenParams {
  if (!isRecord(value) || typeof value['workspace'] !== 'string' || !Array.isArray(value['sources']))
    return false;
  return value['sources'].every(
    (source: unknown) =>
      isRecord(source) &&
      typeof source['name'] === 'string' &&
      ((source['kind'] === 'evaluate' && typeof source['file'] === 'string') ||
        (source['kind'] === 'model' && typeof source['model'] === 'string')),
  );
}

function isAskParams(value: unknown): value is AskParams {
  if (!isRecord(value) || !isRecord(value['slots']) || !isRecord(value['settings'])) return false;
  const { ask, candidate, text, slots, past, settings } = value;
  return (
    [ask, candidate, text, ...Object.values(slots)].every((each) => typeof each === 'string') &&
    Array.isArray(past) &&
    past.every(
      (each) => isRecord(each) && typeof each['user'] === 'string' && typeof each['assistant'] === 'string',
    ) &&
    isSettings(settings)
  );
}

function isSettings({ stop, ...numbers }: Record<string, unknown>): boolean {
  const isStop =
    stop === undefined ||
    (Array.isArray(stop) && stop.every((each) => typeof each === 'string' && each !== ''));
  return (
    isStop &&
    Object.entries(numbers).every(([name, value]) => {
      if (!Object.hasOwn(SETTING_RANGES, name)) return false;
      // SAFETY: it is one of its own keys.
      const { least, most, whole } = SETTING_RANGES[name as NumberSetting];
      return (
        typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))
      );
    })
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
