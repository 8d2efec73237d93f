import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureFolder, type FixtureName } from './fixture.ts';

/** A copy of a fixture's model in which every dropout is on; the fixtures themselves have none. Returns `folder`. */
export function dropoutBase(folder: string, fixture: FixtureName): string {
  cpSync(fixtureFolder(fixture), folder, { recursive: true });
  const file = join(folder, 'config.json');
  const config: unknown = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(
    file,
    JSON.stringify({
      ...Object(config),
      hidden_dropout_prob: 0.1,
      attention_probs_dropout_prob: 0.15,
      classifier_dropout: 0.2,
    }),
  );
  return folder;
}
