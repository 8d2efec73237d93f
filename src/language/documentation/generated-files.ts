import { makeDiagnosticsPage } from './diagnostics-page.ts';
import { makeImportPage } from './import-page.ts';
import { makeJsonSchema } from './json-schema.ts';
import { makeReferencePage } from './reference-page.ts';

/** Files that are made from the code, by their path from the root of the repository. `npm run generate` writes them. */
export const GENERATED_FILES: Record<string, () => string> = {
  'docs/diagnostics.md': makeDiagnosticsPage,
  'docs/importing.md': makeImportPage,
  'docs/reference.md': makeReferencePage,
  'schemas/tune.schema.json': () => `${JSON.stringify(makeJsonSchema(), null, 2)}\n`,
};
