import { systemCode } from '../../runs/errors.ts';

/** Why a request to the Hub did not give what it was asked for. */
export class HubFailure extends Error {
  override readonly name = 'HubFailure';
  /** The HTTP status; absent where there was no answer at all. */
  readonly status: number | undefined;
  /** What the Hub calls it in `X-Error-Code`: `RepoNotFound`, `RevisionNotFound`, `EntryNotFound`, `GatedRepo`, … */
  readonly hubCode: string | undefined;

  constructor(
    message: string,
    options: { status?: number | undefined; hubCode?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.hubCode = options.hubCode;
  }

  /** Whether the same request may well succeed in a moment, or with what has come so far. */
  get passes(): boolean {
    return this.status === undefined || this.status === 429 || this.status >= 500;
  }
}

/** An error of `fetch` or of the client library as a {@link HubFailure}, where no better one is known. */
export function asFailure(error: unknown, { failure }: { failure?: HubFailure }): HubFailure {
  if (error instanceof HubFailure) return error;
  return failure ?? new HubFailure(networkReason(error), { cause: error });
}

/** `fetch` hides what happened in the cause, or in the causes of that. */
function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const several: unknown[] = error.cause instanceof AggregateError ? error.cause.errors : [];
  const inner = several[0] ?? error.cause;
  const code = systemCode(inner) ?? systemCode(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name cannot be looked up';
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection broke off';
  return inner instanceof Error ? inner.message : error.message;
}
