import { Tensor } from 'onnxruntime-node';
import { elementCount, type Parameter } from '../models/parameter.ts';

/** A parameter's values as its graph takes them. Nothing is copied: bytes are read where they lie among the floats. */
export function weightTensor(
  { shape, dtype }: Pick<Parameter, 'shape' | 'dtype'>,
  values: Float32Array,
): Tensor {
  if (dtype !== 'uint8') return new Tensor('float32', values, shape);
  return new Tensor('uint8', new Uint8Array(values.buffer, values.byteOffset, elementCount(shape)), shape);
}
