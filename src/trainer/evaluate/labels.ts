import { TunebookError, type Location } from '../../protocol/error.ts';
import { list, quote } from '../data/problem.ts';
import type { Examples } from './examples.ts';

/** What the outputs of a candidate's classifier stand for. */
export type Head =
  | { readonly kind: 'named'; readonly labels: readonly string[] }
  /** So many outputs that the model gives no names: `LABEL_0`, or none at all. */
  | { readonly kind: 'unnamed'; readonly count: number }
  /** The folder brings no classifier: these modules of it start at random. */
  | { readonly kind: 'random'; readonly modules: readonly string[] };

/** Labels that data set and candidates agree on. Indices count in `labels`. */
export interface AgreedLabels {
  readonly labels: readonly string[];
  /** `[rows]` the right label of each example. */
  readonly references: Int32Array;
  /** `[outputs]` per candidate: the label that each output of its classifier stands for. */
  readonly ofOutput: ReadonlyMap<string, Int32Array>;
  /** Candidates whose outputs have no names and were matched by their place. */
  readonly matchedByPlace: readonly string[];
}

/** The same of some of the examples: a label that none of them has stays one. */
export function takeLabels(agreed: AgreedLabels, rows: readonly number[]): AgreedLabels {
  return { ...agreed, references: Int32Array.from(rows, (row) => agreed.references[row]!) };
}

/** Names that data set and candidates agree on. */
export interface AgreedNames extends Omit<AgreedLabels, 'references'> {
  /** For each name of the examples its place in `labels`. */
  readonly ofName: Int32Array;
}

/** Which labels examples have, and where the first one of each stands. */
export interface NamedExamples {
  readonly data: string;
  readonly file: string;
  readonly names: readonly string[];
  readonly firstWith: (name: number) => Required<Pick<Location, 'file' | 'line'>>;
}

/**
 * Matches the labels of data set, examples and candidates by name. Only where a candidate's outputs have no names are they
 * matched by place, and where the examples hold places (`3`) instead of names.
 *
 * @param listed `labels:` of the data set
 * @param heads by candidate, in the order of the config
 * @throws TunebookError `evaluate/labels-differ`, `evaluate/unknown-label`, `evaluate/label-count`: names the labels
 */
export function agreeOnLabels(
  examples: Examples,
  listed: readonly string[] | undefined,
  heads: ReadonlyMap<string, Head>,
): AgreedLabels {
  const firstWith = (name: number) => examples.placeOf(examples.labels.indexOf(name));
  const { ofName, ...agreed } = agreeOnNames({ ...examples, firstWith }, listed, heads);
  return { ...agreed, references: examples.labels.map((index) => ofName[index]!) };
}

/** As {@link agreeOnLabels}, whatever the examples do with their labels. */
export function agreeOnNames(
  examples: NamedExamples,
  listed: readonly string[] | undefined,
  heads: ReadonlyMap<string, Head>,
): AgreedNames {
  const named = [...heads].flatMap(([name, head]) =>
    head.kind === 'named' ? [{ who: `"${name}"`, labels: head.labels }] : [],
  );
  const dataset = listed ? [{ who: `\`labels:\` of ${examples.data}`, labels: listed }] : [];
  const known = [...dataset, ...named];
  const first = known[0] ?? { who: examples.data, labels: examples.names };
  for (const other of known.slice(1)) checkSame(first, other, examples.file);

  const { labels } = first;
  const ofOutput = new Map<string, Int32Array>();
  const matchedByPlace: string[] = [];
  for (const [name, head] of heads) {
    if (head.kind === 'unnamed') {
      if (head.count !== labels.length) throw wrongCount(name, head.count, labels, examples.file);
      matchedByPlace.push(name);
    }
    const outputs = head.kind === 'named' ? head.labels : labels;
    ofOutput.set(
      name,
      Int32Array.from(outputs, (label) => labels.indexOf(label)),
    );
  }
  const ofName = examples.names.map((label) => indexOf(label, labels));
  const strange = examples.names.filter((_, i) => ofName[i] === undefined);
  if (strange.length > 0) throw unknownLabels(strange, examples, first);
  return { labels, ofName: Int32Array.from(ofName, (index) => index ?? 0), ofOutput, matchedByPlace };
}

interface Known {
  /** Whose labels they are, as the subject of a sentence. */
  readonly who: string;
  readonly labels: readonly string[];
}

/** A name, or else a place, as in training: an integer that is no name counts from 0. */
function indexOf(label: string, labels: readonly string[]): number | undefined {
  const index = labels.indexOf(label);
  if (index >= 0) return index;
  return /^\d+$/.test(label) && Number(label) < labels.length ? Number(label) : undefined;
}

function checkSame(a: Known, b: Known, file: string): void {
  const only = (these: Known, those: Known) => these.labels.filter((label) => !those.labels.includes(label));
  const parts = [
    { who: a.who, labels: only(a, b) },
    { who: b.who, labels: only(b, a) },
  ].filter(({ labels }) => labels.length > 0);
  if (parts.length === 0) return;
  const differences = parts.map(({ who, labels }) => `only ${who} has ${list(labels.map(quote))}`);
  throw new TunebookError(
    'evaluate/labels-differ',
    `${a.who} and ${b.who} have different labels: ${differences.join('; ')}.`,
    {
      hint: 'Candidates can be compared when they were trained for the same labels: leave one out, or train it again on data with these labels.',
      location: { file },
    },
  );
}

function wrongCount(
  candidate: string,
  count: number,
  labels: readonly string[],
  file: string,
): TunebookError {
  return new TunebookError(
    'evaluate/label-count',
    `"${candidate}" has ${count} outputs without names, but there ${labels.length === 1 ? 'is 1 label' : `are ${labels.length} labels`}: ${list(labels.map(quote))}.`,
    {
      hint: "List all labels in `labels:` of the data set, in the order of the model's outputs; or name them in id2label of its config.json.",
      location: { file },
    },
  );
}

function unknownLabels(strange: readonly string[], examples: NamedExamples, known: Known): TunebookError {
  const index = examples.names.indexOf(strange[0]!);
  const place = examples.firstWith(index);
  const what = strange.length === 1 ? 'a label' : `${strange.length} labels`;
  return new TunebookError(
    'evaluate/unknown-label',
    `${examples.data} has ${what} that ${known.who} does not have: ${list(strange.map(quote))}; the first stands in line ${place.line} of ${place.file}.`,
    {
      hint: `Known labels are ${list(known.labels.map(quote))}. Correct the rows, or train on data that has the label.`,
      location: place,
    },
  );
}
