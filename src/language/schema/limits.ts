/** The trainer counts rows, steps and sizes in 32 bits, */
export const LARGEST_COUNT = 2 ** 31 - 1;

/** computes in so many threads at most, */
export const MOST_THREADS = 1024;

/** builds a model of so many layers at most, */
export const MOST_LAYERS = 1000;

/** and computes with 32-bit floats. */
export const LARGEST_FLOAT = 3.4e38;
