/** The trainer counts rows, steps and sizes in 32 bits, */
export const LARGEST_COUNT = 2 ** 31 - 1;

/** and computes with 32-bit floats. */
export const LARGEST_FLOAT = 3.4e38;
