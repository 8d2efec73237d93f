import * as gather from '../gather.ts';
import type { MakeCase } from './op-case.ts';

const embedding: (title: string, repeated: boolean) => MakeCase = (title, repeated) => (draw) => {
  const rows = draw.size(3, 6);
  const width = draw.size();
  const tokens = draw.dim('tokens', 4, 9);
  return {
    title,
    inputs: {
      table: draw.floats([rows, width]),
      // More tokens than the two rows they are of: every gradient row is a sum.
      ids: repeated ? draw.ids([tokens], 2) : draw.ids([tokens], rows),
    },
    build: (g, { table, ids }) => gather.embedding(g, table!, ids!),
  };
};

const permuteRows: MakeCase = (draw) => {
  const rows = draw.dim('rows', 2, 7);
  const count = draw.sizes[rows] ?? 0;
  const order = draw.permutation(count);
  const inverse = order.map((_, row) => order.indexOf(row));
  return {
    title: 'every row once, in another order',
    inputs: {
      x: draw.floats([rows, draw.size()]),
      index: draw.fixed([rows], order),
      inverse: draw.fixed([rows], inverse),
    },
    build: (g, { x, index, inverse: back }) => gather.permuteRows(g, x!, index!, back!),
  };
};

const takeRows: MakeCase = (draw) => {
  const rows = draw.dim('rows', 3, 7);
  const taken = draw.dim('taken', 1, 3);
  const order = draw.permutation(draw.sizes[rows] ?? 0).slice(0, draw.sizes[taken]);
  return {
    title: 'some rows, each at most once',
    inputs: { x: draw.floats([rows, draw.size()]), index: draw.fixed([taken], order) },
    build: (g, { x, index }) => gather.takeRows(g, x!, index!),
  };
};

const sumByIndex: MakeCase = (draw) => {
  const groups = draw.size(2, 4);
  return {
    title: 'groups of several numbers and of none',
    inputs: { x: draw.floats([draw.dim('count', 3, 9)]), index: draw.ids(['count'], groups) },
    build: (g, { x, index }) => gather.sumByIndex(g, x!, index!, groups),
  };
};

export const gatherCases: Record<'embedding' | 'permuteRows' | 'takeRows' | 'sumByIndex', MakeCase[]> = {
  embedding: [embedding('ids as chance has them', false), embedding('ids that repeat', true)],
  permuteRows: [permuteRows],
  takeRows: [takeRows],
  sumByIndex: [sumByIndex],
};
