import { EnvironmentKeeper } from '../../language/environment/keep-unexpanded.ts';
import type { CheckedConfig } from './open-checked.ts';
import type { Written } from './manifest.ts';

/** How a document that was resolved is kept in `run.json`: with `${env.NAME}` where a value comes from the environment. */
export function writtenDown(
  { project, document }: Pick<CheckedConfig, 'project' | 'document'>,
  resolved: unknown,
): Written {
  const keeper = new EnvironmentKeeper(project);
  const config = keeper.keep(document, resolved);
  return { config, environment: keeper.environment };
}
