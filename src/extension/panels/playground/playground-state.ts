import {
  SETTING_RANGES,
  type NumberSetting,
  type PlaygroundSettings,
  type PlaygroundSource,
  type PlaygroundState,
  type PlaygroundTurn,
} from '../../../protocol/playground.ts';

/** What a playground shows that was never open before. */
export function initialState(workspace: string, sources: PlaygroundSource[]): PlaygroundState {
  return { workspace, sources, hidden: [], settings: {}, turns: [] };
}

/**
 * What a panel kept over a reload, from whatever the window gives back. Undefined where not even the workspace is known; parts that cannot
 * be used are left out.
 */
export function readPlaygroundState(value: unknown): PlaygroundState | undefined {
  if (!isRecord(value) || typeof value['workspace'] !== 'string') return undefined;
  const { workspace, hidden } = value;
  return {
    workspace,
    sources: list(value['sources']).filter(isSource),
    hidden: list(hidden).filter((id): id is string => typeof id === 'string'),
    settings: readSettings(value['settings']),
    turns: list(value['turns']).filter(isTurn),
  };
}

function isSource(value: unknown): value is PlaygroundSource {
  if (!isRecord(value) || typeof value['name'] !== 'string') return false;
  return value['kind'] === 'evaluate'
    ? typeof value['file'] === 'string'
    : value['kind'] === 'model' && typeof value['model'] === 'string';
}

function readSettings(value: unknown): PlaygroundSettings {
  if (!isRecord(value)) return {};
  const settings: PlaygroundSettings = {};
  // SAFETY: an object has the keys that it has.
  for (const name of Object.keys(SETTING_RANGES) as NumberSetting[]) {
    const { least, most, whole } = SETTING_RANGES[name];
    const number = value[name];
    if (
      typeof number === 'number' &&
      number >= least &&
      number <= most &&
      (!whole || Number.isInteger(number))
    )
      settings[name] = number;
  }
  const stop = list(value['stop']).filter((each): each is string => typeof each === 'string' && each !== '');
  return stop.length > 0 ? { ...settings, stop } : settings;
}

function isTurn(value: unknown): value is PlaygroundTurn {
  if (!isRecord(value) || !isRecord(value['slots']) || !isRecord(value['answers'])) return false;
  const isAnswer = (answer: unknown) =>
    isRecord(answer) &&
    (answer['state'] === 'failed'
      ? typeof answer['message'] === 'string'
      : ['done', 'stopped'].includes(String(answer['state'])) && typeof answer['text'] === 'string');
  return (
    Number.isSafeInteger(value['id']) &&
    typeof value['text'] === 'string' &&
    Object.values(value['slots']).every((each) => typeof each === 'string') &&
    Object.values(value['answers']).every(isAnswer)
  );
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
