import type { Draft } from './draft.ts';
import { isSection } from './draft.ts';
import { Setting } from './settings.ts';

/**
 * The settings of a config file with those that its command gives: these win, as in every one of the tools. What they replace is lost,
 * and told. A name with dots (`optimizer.lr`) leads into a section of the file.
 * @param given the options of the command without the one that names the file
 */
export function overlay(file: Setting, given: readonly Setting[], draft: Draft): Setting {
  return given.reduce((settings, each) => {
    const [first = '', ...rest] = each.path.split('.');
    const steps = rest.length > 0 && settings.section(first) ? [first, ...rest] : [each.path];
    return replaced(settings, steps, each, draft);
  }, file);
}

function replaced(section: Setting, steps: readonly string[], setting: Setting, draft: Draft): Setting {
  const [name = '', ...rest] = steps;
  const before = section.section(name);
  const isInside = rest.length > 0 && isSection(before?.value);
  if (before && !isInside)
    for (const leaf of before.leaves())
      draft.lose(leaf, `The command gives \`${setting.path}\` as \`${setting.text}\`, which counts.`);
  const child = before && isInside ? replaced(before, rest, setting, draft) : setting;
  const own = isSection(section.value) ? section.value : {};
  const value = { ...own, [name]: child.value };
  const children = new Map(section.entries).set(isInside ? name : steps.join('.'), child);
  return new Setting(section.path, value, section.text, section.origin, children);
}
