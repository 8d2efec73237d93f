/** Where in a file something is wrong. Lines and columns count from 1. */
export interface Location {
  file: string;
  line?: number;
  column?: number;
}

/**
 * An error that a person is meant to read: what is wrong, where, and what to do next. It is printed without a stack
 * trace. Anything else that is thrown is a fault of ours and is printed as one.
 */
export class TunebookError extends Error {
  override readonly name = 'TunebookError';
  /** Stable, e.g. `data/missing-column`. */
  readonly code: string;
  /** What to do next, one sentence. */
  readonly hint: string | undefined;
  readonly location: Location | undefined;

  /** The extension is two bundles, each with this class: an error that the one throws is told by the other too. */
  static override [Symbol.hasInstance](value: unknown): value is TunebookError {
    return value instanceof Error && value.name === 'TunebookError';
  }

  constructor(
    code: string,
    message: string,
    options: { hint?: string; location?: Location; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.location = options.location;
  }
}

/** `file:line:column`, as terminals and editors link it; parts that are not known are left out. */
export function formatLocation({ file, line, column }: Location): string {
  if (line === undefined) return file;
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}
