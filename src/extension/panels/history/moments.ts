/** The length of the time of an event, and of its part up to the seconds. */
const [LENGTH, MINUTE_LENGTH] = ['2026-01-01T00:00:00.000Z'.length, '2026-01-01T00:00:'.length];
const REGULAR = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{3}Z$/;

/** Reads the times of events as `Date.parse` does; those of one minute one after another several times as fast. */
export class Moments {
  /** The time up to its seconds that was read last, and when that minute begins. */
  #minute = '';
  #begin = NaN;

  /** A time in ms since the epoch; NaN where it is none. */
  of(time: string): number {
    if (this.#minute === '' || time.length !== LENGTH || !time.startsWith(this.#minute))
      return this.#first(time);
    const seconds = digit(time, 17) * 10 + digit(time, 18);
    const milliseconds = digit(time, 20) * 100 + digit(time, 21) * 10 + digit(time, 22);
    const isRegular = seconds < 60 && time[19] === '.' && time[23] === 'Z' && milliseconds >= 0;
    return isRegular ? this.#begin + seconds * 1000 + milliseconds : this.#first(time);
  }

  #first(time: string): number {
    const moment = Date.parse(time);
    this.#minute = REGULAR.test(time) && !Number.isNaN(moment) ? time.slice(0, MINUTE_LENGTH) : '';
    this.#begin = this.#minute === '' ? NaN : Date.parse(`${this.#minute}00.000Z`);
    return moment;
  }
}

/** The digit at a place; NaN where none is. */
function digit(time: string, at: number): number {
  const value = time.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : NaN;
}
