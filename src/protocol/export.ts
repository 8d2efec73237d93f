/** What `tunebook export` wrote: its last line with `--json`, and `tunebook-export.json` in the folder. */
export interface ExportDescription {
  type: 'exported';
  /** The name of the `export:` document. */
  name: string;
  /** The folder that was written, absolute. */
  folder: string;
  format: 'safetensors';
  /** How floats are stored. */
  dtype: 'F32' | 'F16' | 'BF16' | 'as they were';
  /** What was exported: the folder of a model or an adapter, absolute, and the run that it is the output of. */
  source: { folder: string; run?: string };
  /** Whether an adapter was added into its base. */
  merged: boolean;
  /** What is in the folder, by name; sizes in bytes. */
  files: { name: string; bytes: number }[];
  /** What a reader of the model must know, one sentence each. */
  notes: string[];
}

/** The file in an exported folder that says what made it: a folder with it may be written again. */
export const EXPORT_FILE = 'tunebook-export.json';
