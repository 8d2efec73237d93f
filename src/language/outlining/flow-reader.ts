import type { Frame, KeyToken, OutlineListener } from './frame.ts';
import { SPACE, unquote, type LineScanner } from './line-scanner.ts';
import type { OpenFrames } from './open-frames.ts';

/** A pair of brackets while it is read. */
interface FlowLevel {
  frame: Frame;
  /** Where the current entry began. */
  from: number;
  /** The key whose value is being read. */
  key: KeyToken | undefined;
  token: { start: number; end: number; quoted: boolean } | undefined;
  item: number;
  /** The value was one in brackets, so nothing may follow but a comma. */
  complete: boolean;
}

/** Reads maps and lists in brackets, over as many lines as they take. */
export class FlowReader {
  readonly #scanner: LineScanner;
  readonly #frames: OpenFrames;
  readonly #listener: OutlineListener;

  constructor(scanner: LineScanner, frames: OpenFrames, listener: OutlineListener) {
    this.#scanner = scanner;
    this.#frames = frames;
    this.#listener = listener;
  }

  /** Reads from the opening bracket on; gives where what follows it is read. */
  read(holder: Frame | undefined, step: string | number, opening: number): number {
    const indent = holder?.indent ?? -1;
    const open = [this.#openFlow(opening, holder, step, indent)];
    let at = opening + 1;
    for (let level; at < this.#scanner.end && (level = open.at(-1)); at++) {
      const char = this.#scanner.text.charAt(at);
      if (char === '\n') {
        if (this.#scanner.resumesBlock(at + 1, indent)) break;
      } else if (char === '#' && /\s/.test(this.#scanner.text.charAt(at - 1))) {
        this.#listener.comment?.(at, this.#scanner.lineEnd(at));
        at = this.#scanner.lineEnd(at) - 1;
      } else if ((char === '{' || char === '[') && !level.token) {
        const under = level.frame.type === 'seq' ? level.item : (level.key?.name ?? '');
        if (level.key) level.key.filled = true;
        level.complete = true;
        open.push(this.#openFlow(at, level.frame, under, indent));
      } else if (char === '}' || char === ']') {
        this.#finishFlow(level, at);
        open.pop();
      } else if (char === ',') {
        this.#finishFlow(level, at);
        level.key = undefined;
        level.complete = false;
        level.item++;
      } else if (char === ':' && this.#endsFlowKey(level, at)) {
        this.#finishFlow(level, at, true);
      } else if ((char === '"' || char === "'") && !level.token) {
        const end = this.#scanner.quotedEnd(at, indent);
        level.token = { start: at, end, quoted: true };
        at = end - 1;
      } else if (!SPACE.test(char)) {
        if (level.token) level.token.end = at + 1;
        else level.token = { start: at, end: at + 1, quoted: false };
      }
    }
    const unclosed = open.at(-1);
    if (unclosed) this.#finishFlow(unclosed, at);
    return unclosed ? at : this.#scanner.lineEnd(at);
  }

  #openFlow(at: number, parent: Frame | undefined, step: string | number, indent: number): FlowLevel {
    const type = this.#scanner.text.charAt(at) === '{' ? 'map' : 'seq';
    const frame = this.#frames.newFrame(type, true, indent, parent, step);
    return { frame, from: at + 1, key: undefined, token: undefined, item: 0, complete: false };
  }

  /** Takes the text since the last delimiter as what it is: a key, a value, or an empty place for one. */
  #finishFlow(level: FlowLevel, at: number, colon = false): void {
    const { frame, key, token } = level;
    const isKey = frame.type === 'map' && !key;
    if (!level.complete) {
      this.#listener.slot({
        kind: isKey ? 'key' : 'value',
        frame,
        step: frame.type === 'seq' ? level.item : key?.name,
        colon,
        from: level.from,
        to: at,
        start: token?.start ?? at,
        end: token?.end ?? at,
      });
    }
    if (isKey && token) {
      const name = unquote(this.#scanner.text.slice(token.start, token.end));
      level.key = { name, start: token.start, end: token.end, filled: false };
      frame.keys.push(level.key);
    } else if (key && token) {
      key.filled = true;
    }
    level.from = at + 1;
    level.token = undefined;
  }

  #endsFlowKey({ frame, key, token }: FlowLevel, at: number): boolean {
    if (frame.type !== 'map' || key) return false;
    return token?.quoted === true || /^[\s,[\]{}]?$/.test(this.#scanner.text.slice(at + 1, at + 2));
  }
}
