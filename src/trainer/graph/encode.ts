import { liveNodes } from './cut.ts';
import type { AttributeValue, Dtype, EncodableGraph, GraphNode, Initializer, Tensor } from './node.ts';
import { ProtobufWriter } from './protobuf.ts';
import { staticSize } from './shape.ts';

/** Numbers of `TensorProto.DataType` in onnx.proto. */
const DATA_TYPES: Record<Dtype, number> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

const IR_VERSION = 10;
const OPSET = 21;

/** Bytes that a model may have: protocol buffers count them in 31 bits. */
const LARGEST_MODEL = 2 ** 31 - 1;

export interface EncodeOptions {
  /** Values of inputs that become constants of the model: onnxruntime lays these out for its products once, so that products with few rows take half the time. */
  readonly weights?: ReadonlyMap<string, Float32Array>;
  /** The first result is {@link NOT_HANDED_OVER}, for `runInPlace`. */
  readonly inPlace?: boolean;
}

/** The name of a result that is an empty sequence of tensors. */
export const NOT_HANDED_OVER = 'not_handed_over';

/**
 * Writes a graph as an ONNX model (onnx.proto, IR version 10, opset 21 and com.microsoft 1).
 * Field numbers are those of onnx.proto; the result is what `InferenceSession.create` takes.
 * @throws Error when the model would have more than 2 GiB; see {@link fitsInModel}
 */
export function encodeModel(
  graph: EncodableGraph,
  { weights = new Map(), inPlace = false }: EncodeOptions = {},
): Uint8Array {
  const inputs = graph.inputs.filter(({ name }) => !weights.has(name));
  const model = encodeWithout(graph, inputs, inPlace);
  if (weights.size === 0) return model;
  const parts = [model];
  for (const tensor of graph.inputs) {
    const values = weights.get(tensor.name);
    if (values) parts.push(weightHeader(tensor, values), bytesOf(values));
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > LARGEST_MODEL) throw new Error(`a model of ${length} bytes is too large to be one message`);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether weights can be constants of a model. */
export function fitsInModel(weights: ReadonlyMap<string, Float32Array>): boolean {
  let bytes = 2 ** 24;
  for (const values of weights.values()) bytes += values.byteLength;
  return bytes <= LARGEST_MODEL;
}

/**
 * What stands before the numbers of an initializer that is appended to a finished model: the field of a message that comes again is
 * merged with the one before, so a second `graph` with one initializer in it adds just that, and the numbers are copied once.
 */
function weightHeader(tensor: Tensor, values: Float32Array): Uint8Array {
  if (values.length !== staticSize(tensor.shape))
    throw new Error(`${tensor.name} has the wrong number of values`);
  const inner = new ProtobufWriter();
  for (const dim of tensor.shape) inner.int(1, Number(dim));
  inner.int(2, DATA_TYPES[tensor.dtype]);
  inner.string(8, tensor.name);
  inner.opening(9, values.byteLength);
  const initializer = new ProtobufWriter();
  initializer.opening(5, inner.finish().length + values.byteLength);
  const outer = new ProtobufWriter();
  outer.opening(7, initializer.finish().length + inner.finish().length + values.byteLength);
  return Buffer.concat([outer.finish(), initializer.finish(), inner.finish()]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function encodeWithout(graph: EncodableGraph, inputs: readonly Tensor[], inPlace: boolean): Uint8Array {
  const model = new ProtobufWriter();
  model.int(1, IR_VERSION);
  model.string(2, 'tunebook');
  model.message(7, (writer) => {
    if (inPlace) encodeEmptySequence(writer, NOT_HANDED_OVER);
    encodeGraph(writer, graph, inputs);
  });
  for (const [domain, version] of [
    ['', OPSET],
    ['com.microsoft', 1],
  ] as const) {
    model.message(8, (writer) => {
      writer.string(1, domain);
      writer.int(2, version);
    });
  }
  return model.finish();
}

function encodeGraph(writer: ProtobufWriter, graph: EncodableGraph, inputs: readonly Tensor[]): void {
  const nodes = endsLast(liveNodes(graph.nodes, graph.outputs));
  for (const node of nodes) writer.message(1, (w) => encodeNode(w, node));
  writer.string(2, 'tunebook');
  for (const initializer of graph.initializers) writer.message(5, (w) => encodeInitializer(w, initializer));
  for (const input of inputs) writer.message(11, (w) => encodeValueInfo(w, input));
  for (const output of graph.outputs) writer.message(12, (w) => encodeValueInfo(w, output));
  for (const tensor of between(nodes, graph.outputs)) writer.message(13, (w) => encodeValueInfo(w, tensor));
}

/**
 * What nodes make that is no result of the graph. onnxruntime infers few of our sizes by itself, and gives only tensors that it knows to be of one
 * size the same memory; for each of the others it searches all that is free.
 */
function between(nodes: readonly GraphNode[], results: readonly Tensor[]): Tensor[] {
  const ends = new Set(results.map(({ name }) => name));
  return nodes.flatMap(({ outputs }) => outputs).filter(({ name }) => !ends.has(name));
}

/**
 * Puts the nodes that no other one reads behind all others, the last first. onnxruntime runs a graph depth first, from the last of
 * such nodes to the first, each as soon as what it reads is there. So the gradient of a weight is made while its layer is gone
 * back through, and what it is made of is let go; as they were written, all of these would be made at the end.
 */
function endsLast(nodes: readonly GraphNode[]): GraphNode[] {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const isRead = ({ outputs }: GraphNode) => outputs.some(({ name }) => read.has(name));
  return [...nodes.filter(isRead), ...nodes.filter((node) => !isRead(node)).reverse()];
}

/** A node without inputs and the result that it makes, `seq(tensor(float))`. */
function encodeEmptySequence(writer: ProtobufWriter, name: string): void {
  writer.message(1, (node) => {
    node.string(2, name);
    node.string(4, 'SequenceEmpty');
  });
  writer.message(12, (info) => {
    info.string(1, name);
    info.message(2, (type) =>
      type.message(4, (sequence) =>
        sequence.message(1, (element) => element.message(1, (tensor) => tensor.int(1, DATA_TYPES.float32))),
      ),
    );
  });
}

function encodeNode(writer: ProtobufWriter, node: GraphNode): void {
  for (const input of node.inputs) writer.string(1, input);
  for (const { name } of node.outputs) writer.string(2, name);
  writer.string(3, node.outputs[0]?.name ?? '');
  writer.string(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, (w) => encodeAttribute(w, name, value));
  }
  if (node.domain !== '') writer.string(7, node.domain);
}

function encodeAttribute(writer: ProtobufWriter, name: string, value: AttributeValue): void {
  writer.string(1, name);
  if (typeof value === 'string') {
    writer.string(4, value);
    writer.int(20, 3);
  } else if (typeof value === 'number') {
    if (!Number.isInteger(value))
      throw new Error(`the attribute ${name} must be wrapped as { float: ${value} }`);
    writer.int(3, value);
    writer.int(20, 2);
  } else if ('float' in value) {
    writer.float(2, value.float);
    writer.int(20, 1);
  } else {
    for (const item of value) writer.int(8, item);
    writer.int(20, 7);
  }
}

function encodeValueInfo(writer: ProtobufWriter, tensor: Tensor): void {
  writer.string(1, tensor.name);
  writer.message(2, (type) =>
    type.message(1, (tensorType) => {
      tensorType.int(1, DATA_TYPES[tensor.dtype]);
      tensorType.message(2, (shape) => {
        for (const dim of tensor.shape) {
          shape.message(1, (w) => (typeof dim === 'number' ? w.int(1, dim) : w.string(2, dim)));
        }
      });
    }),
  );
}

function encodeInitializer(writer: ProtobufWriter, { tensor, values, external }: Initializer): void {
  for (const dim of tensor.shape) writer.int(1, Number(dim));
  writer.int(2, DATA_TYPES[tensor.dtype]);
  writer.string(8, tensor.name);
  if (external) {
    const entries = {
      location: external.file,
      offset: String(external.offset),
      length: String(external.length),
    };
    for (const [key, value] of Object.entries(entries)) {
      writer.message(13, (w) => {
        w.string(1, key);
        w.string(2, value);
      });
    }
    writer.int(14, 1);
    return;
  }
  if (values?.length !== staticSize(tensor.shape))
    throw new Error(`${tensor.name} has the wrong number of values`);
  writer.bytes(9, rawData(tensor.dtype, values));
}

function rawData(dtype: Dtype, values: readonly number[]): Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Uint8Array(new Float32Array(values).buffer);
    case 'float64':
      return new Uint8Array(new Float64Array(values).buffer);
    case 'int32':
      return new Uint8Array(new Int32Array(values).buffer);
    case 'int64':
      return new Uint8Array(new BigInt64Array(values.map(BigInt)).buffer);
    case 'bool':
    case 'uint8':
      return new Uint8Array(values);
    case 'float16':
    case 'bfloat16':
      throw new Error(`constants of type ${dtype} are not written inline`);
  }
}
