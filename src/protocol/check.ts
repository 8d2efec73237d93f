/** Diagnostics as `tunebook check --json` prints them and SARIF carries them: lines and columns count from 1. */

export type Severity = 'error' | 'warning' | 'information';

/** A replacement of text in one file. */
export interface FixEdit {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  newText: string;
}

export interface CheckFix {
  title: string;
  edits: FixEdit[];
}

export interface CheckDiagnostic {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: Severity;
  /** Stable, e.g. `tune/unknown-field`; all are listed in docs/diagnostics.md. */
  code: string;
  message: string;
  fixes: CheckFix[];
}
