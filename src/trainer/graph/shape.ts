/**
 * The size of one axis: a number, or a product of named sizes that are known only when the graph runs, such as
 * `tokens` or `batch*seq`. Names are sorted and a number stands first, so equal sizes are equal strings.
 */
export type Dim = number | string;

export type Shape = readonly Dim[];

/** Multiplies sizes: `multiplyDims('batch', 4, 'seq')` is `4*batch*seq`. */
export function multiplyDims(...dims: Dim[]): Dim {
  let factor = 1;
  const names: string[] = [];
  for (const dim of dims) {
    if (typeof dim === 'number') factor *= dim;
    else {
      for (const part of dim.split('*')) {
        if (/^\d+$/.test(part)) factor *= Number(part);
        else names.push(part);
      }
    }
  }
  if (names.length === 0) return factor;
  names.sort();
  return factor === 1 ? names.join('*') : `${factor}*${names.join('*')}`;
}

/** How many elements a shape holds. */
export function sizeOf(shape: Shape): Dim {
  return multiplyDims(...shape);
}

/** How many elements a shape of numbers holds. Throws when a size is not known before the graph runs. */
export function staticSize(shape: Shape): number {
  const size = sizeOf(shape);
  if (typeof size !== 'number')
    throw new Error(`the shape ${formatShape(shape)} is not known before the graph runs`);
  return size;
}

/** A shape whose every size is a number, given what the names stand for. */
export function resolveShape(shape: Shape, values: Readonly<Record<string, number>>): number[] {
  return shape.map((dim) => {
    if (typeof dim === 'number') return dim;
    return dim.split('*').reduce((product, part) => {
      const value = /^\d+$/.test(part) ? Number(part) : values[part];
      if (value === undefined) throw new Error(`the size "${part}" has no value`);
      return product * value;
    }, 1);
  });
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function equalShapes(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/**
 * The shape that two tensors broadcast to, by NumPy's rules.
 * Throws when an axis differs and neither side is 1.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const shape: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new Error(`the shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`);
    }
    shape.push(x === 1 ? y : x);
  }
  return shape;
}
