import { Tensor } from 'onnxruntime-node';

/** What is fed to a graph for one batch: int32 ids, or float32 numbers, with their sizes. */
export interface Feed {
  readonly data: Int32Array | Float32Array;
  readonly dims: readonly number[];
}

export type Feeds = Readonly<Record<string, Feed>>;

/** Wraps feeds for onnxruntime. Nothing is copied. */
export function toTensors(feeds: Feeds): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, toTensor(feed)]));
}

export function toTensor({ data, dims }: Feed): Tensor {
  return data instanceof Int32Array ? new Tensor('int32', data, dims) : new Tensor('float32', data, dims);
}

/** What the named sizes of a graph stand for in a batch. */
export function sizesOf(feeds: Feeds): Record<string, number> {
  const [batch = 0, seq = 0] = feeds['pad_index']!.dims;
  const targets = feeds['target_index']?.dims[0];
  return { tokens: feeds['input_ids']!.dims[0]!, batch, seq, ...(targets === undefined ? {} : { targets }) };
}
