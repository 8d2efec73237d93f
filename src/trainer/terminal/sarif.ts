import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Fix, Log, PhysicalLocation, Region, ReportingDescriptor, Result } from 'sarif';
import packageJson from '../../../package.json' with { type: 'json' };
import { DIAGNOSTICS, type DiagnosticInfo } from '../../language/codes.ts';
import { TRAINER_CODES } from '../../language/documentation/trainer-codes.ts';
import type { CheckDiagnostic, Severity } from '../../protocol/check.ts';

/** The schema as OASIS publishes it. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** SARIF's name for the folder that relative paths start from; code hosts put the root of the repository there. */
const BASE = '%SRCROOT%';

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
};

/**
 * Diagnostics as a SARIF 2.1.0 log of one run, with a rule for each code and the fixes.
 * @param folder what paths are relative to; a file outside of it keeps its absolute URI
 */
export function toSarif(diagnostics: readonly CheckDiagnostic[], folder: string): Log {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Tunebook', semanticVersion: packageJson.version, rules: codes.map(toRule) },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [BASE]: { uri: `${pathToFileURL(folder).href.replace(/\/$/, '')}/` } },
        results: diagnostics.map((diagnostic) => toResult(diagnostic, codes, folder)),
      },
    ],
  };
}

function toRule(code: string): ReportingDescriptor {
  const known: Readonly<Record<string, DiagnosticInfo>> = DIAGNOSTICS;
  const info = known[code] ?? TRAINER_CODES[code];
  return {
    id: code,
    ...(info && {
      shortDescription: { text: info.when },
      help: { text: info.remedy },
      defaultConfiguration: { level: LEVELS[known[code]?.severity ?? 'error'] },
    }),
  };
}

function toResult(diagnostic: CheckDiagnostic, codes: readonly string[], folder: string): Result {
  const { code, severity, message, file, fixes } = diagnostic;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: { ...toFile(file, folder), region: toRegion(diagnostic) } }],
    ...(fixes.length > 0 && { fixes: fixes.map((fix) => toFix(fix, folder)) }),
  };
}

function toFix({ title, edits }: CheckDiagnostic['fixes'][number], folder: string): Fix {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: { text: title },
    artifactChanges: files.map((file) => ({
      ...toFile(file, folder),
      replacements: edits
        .filter((edit) => edit.file === file)
        .map((edit) => ({ deletedRegion: toRegion(edit), insertedContent: { text: edit.newText } })),
    })),
  };
}

function toFile(file: string, folder: string): Required<Pick<PhysicalLocation, 'artifactLocation'>> {
  const path = relative(folder, file);
  const isInside = path !== '' && !path.startsWith('..') && !isAbsolute(path);
  if (!isInside) return { artifactLocation: { uri: pathToFileURL(file).href } };
  const uri = path.split(sep).map(encodeURIComponent).join('/');
  return { artifactLocation: { uri, uriBaseId: BASE } };
}

/** Both count lines and columns from 1, and end behind the last character. */
function toRegion({
  line,
  column,
  endLine,
  endColumn,
}: Omit<CheckDiagnostic, 'fixes' | 'severity' | 'code' | 'message' | 'file'>): Region {
  return { startLine: line, startColumn: column, endLine, endColumn };
}
