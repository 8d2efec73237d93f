/** Path of the browser that the tests drive, if there is one. */
export function findChromium(): string | undefined;
