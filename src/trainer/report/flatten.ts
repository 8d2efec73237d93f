type Plain = string | number | boolean | null;

/**
 * The single values of a config by their paths, `train.learning_rate`; lists of values as JSON. What stands in place of a data
 * set's name is left out but for the name: it describes files, not settings.
 */
export function flatten(config: unknown, prefix = ''): Record<string, Plain> {
  if (typeof config !== 'object' || config === null) return {};
  const flat: Record<string, Plain> = {};
  for (const [key, value] of Object.entries(config)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isPlain(value)) flat[path] = value;
    else if (Array.isArray(value)) flat[path] = JSON.stringify(value);
    else if (isDataReference(value)) flat[path] = `${value.dataset.name}.${value.split}`;
    else Object.assign(flat, flatten(value, path));
  }
  return flat;
}

function isPlain(value: unknown): value is Plain {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isDataReference(value: unknown): value is { dataset: { name: string }; split: string } {
  if (typeof value !== 'object' || value === null || !('dataset' in value) || !('split' in value))
    return false;
  const { dataset } = value;
  return typeof dataset === 'object' && dataset !== null && 'name' in dataset;
}
