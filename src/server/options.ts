/**
 * The path of the trainer that the editor names in its `initializationOptions: { trainer }`; `undefined` where it names
 * none, as in a workspace that is not trusted.
 */
export function readTrainer(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null || !('trainer' in options)) return undefined;
  return typeof options.trainer === 'string' && options.trainer !== '' ? options.trainer : undefined;
}
