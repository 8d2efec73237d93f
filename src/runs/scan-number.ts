const [PLUS, MINUS, POINT, ZERO, EXPONENT] = [43, 45, 46, 48, 101];
/** Below it there is room for one more digit in what a float64 holds exactly. */
const ROOM = 1e14;
/** Digits beyond those that are taken into account here; more are left to `Number`. */
const MOST_TAIL = 8;
/** The powers of ten that a float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Splits the 53 bits of a float64 into two halves (Dekker 1971). */
const SPLIT = 2 ** 27 + 1;
/** The correction of a quotient is known to so much of itself, by far. */
const UNSURE = 2 ** -48;

/** Reads JSON numbers out of bytes one after another, each the float64 that `JSON.parse` gives. */
export class NumberScanner {
  readonly #bytes: Buffer;
  /** Behind the number that was read last. */
  at = 0;

  /** @param bytes do not end within a number */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The number that begins at a place; NaN where there is none. */
  next(start: number): number {
    const bytes = this.#bytes;
    const isNegative = bytes[start] === MINUS;
    const whole = isNegative ? start + 1 : start;
    let [at, point] = [whole, -1];
    // Its digits without the point: `head`, and `tailDigits` more that are `tail`.
    let [head, tail, tailDigits] = [0, 0, 0];
    for (; ; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) {
        if (head < ROOM) head = head * 10 + digit;
        else {
          tail = tail * 10 + digit;
          tailDigits++;
        }
      } else if (digit === POINT - ZERO && point < 0) point = at;
      else break;
    }
    const before = (point < 0 ? at : point) - whole;
    // JSON has a digit before the point and one behind it, and no zero before another digit.
    if (before === 0 || (before > 1 && bytes[whole] === ZERO) || point === at - 1) return NaN;
    const decimals = point < 0 ? 0 : at - point - 1;
    let value = NaN;
    if ((bytes[at]! | 0x20) === EXPONENT) at = this.#behindExponent(at + 1);
    else if (decimals < POWERS.length && tailDigits <= MOST_TAIL)
      value = toFloat(head, tail, tailDigits, decimals);
    if (at < 0) return NaN;
    this.at = at;
    if (Number.isNaN(value)) return Number(bytes.toString('latin1', start, at));
    return isNegative ? -value : value;
  }

  /** Where an exponent ends; -1 where there is none. */
  #behindExponent(start: number): number {
    const bytes = this.#bytes;
    const first = bytes[start] === MINUS || bytes[start] === PLUS ? start + 1 : start;
    let at = first;
    while (bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9) at++;
    return at === first ? -1 : at;
  }
}

/**
 * `(head · 10^tailDigits + tail) / 10^decimals` to the nearest float64, where `head` has up to 15 digits; NaN where that is too close to call.
 * Without a tail one division of two exact numbers is right (Clinger 1990). With one the quotient gets a correction, and holds
 * where a slightly smaller and a slightly larger correction give the same (Ziv 1991).
 */
function toFloat(head: number, tail: number, tailDigits: number, decimals: number): number {
  const divisor = POWERS[decimals]!;
  if (tailDigits === 0) return head / divisor;
  const factor = POWERS[tailDigits]!;
  const upper = head * factor;
  const rest = productError(head, factor, upper) + tail;
  const dividend = upper + rest;
  const below = rest - (dividend - upper);
  const quotient = dividend / divisor;
  const product = quotient * divisor;
  const correction = (dividend - product - productError(quotient, divisor, product) + below) / divisor;
  const unsure = Math.abs(correction) * UNSURE;
  const value = quotient + (correction - unsure);
  return value === quotient + (correction + unsure) ? value : NaN;
}

/** `a · b − product`, exactly, where `product` is `a * b` (Dekker 1971). */
function productError(a: number, b: number, product: number): number {
  const [highA, highB] = [upperHalf(a), upperHalf(b)];
  const [lowA, lowB] = [a - highA, b - highB];
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

function upperHalf(value: number): number {
  const wide = SPLIT * value;
  return wide - (wide - value);
}
