import { Setting } from './settings.ts';

/** What stands for the value of another setting: `${output_dir}`, `${checkpointer.checkpoint_dir}`, `${oc.env:HOME}`. */
const REFERENCE = /\$\{([^${}]+)\}/g;

/** References within references, at most: a circle ends here. */
const DEPTH = 8;

/**
 * The same settings with OmegaConf's `${…}` replaced: by the value of the setting that it names, and `${oc.env:NAME}` by our
 * `${env.NAME}`. One that names nothing stays.
 */
export function interpolate(root: Setting): Setting {
  const copy = (setting: Setting): Setting =>
    new Setting(
      setting.path,
      filled(setting.value),
      setting.text,
      setting.origin,
      new Map(setting.entries.map(([name, child]) => [name, copy(child)])),
    );
  const filled = (value: unknown, depth = 0): unknown => {
    if (Array.isArray(value)) return value.map((each: unknown) => filled(each, depth));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, depth)]));
    if (typeof value !== 'string' || depth > DEPTH) return value;
    const [whole] = REFERENCE[Symbol.matchAll](value);
    if (whole?.[0] === value) {
      const found = valueAt(root, whole[1] ?? '');
      if (found !== undefined) return filled(found, depth + 1);
    }
    return value.replace(REFERENCE, (text, path: string) => {
      const [, variable] = /^oc\.env:\s*([A-Za-z_]\w*)/.exec(path) ?? [];
      if (variable !== undefined) return `\${env.${variable}}`;
      const found = filled(valueAt(root, path), depth + 1);
      return typeof found === 'string' || typeof found === 'number' ? String(found) : text;
    });
  };
  return copy(root);
}

function valueAt(root: Setting, path: string): unknown {
  return path.split('.').reduce<Setting | undefined>((at, step) => at?.section(step), root)?.value;
}
