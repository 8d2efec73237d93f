import { ProtobufWriter } from '../graph/protobuf.ts';
import { maskedCrc32c } from './crc32c.ts';

/** A number at a step, as TensorBoard keeps it. `time` is in seconds since the epoch. */
export interface Scalar {
  tag: string;
  step: number;
  time: number;
  value: number;
}

/** What every events file begins with. */
export function fileVersion(time: number): Uint8Array {
  return record((event) => {
    event.double(1, time);
    event.string(3, 'brain.Event:2');
  });
}

/**
 * Numbers of one step as a record of an events file: TFRecord framing around `tensorflow.Event` (event.proto: wall_time 1, step 2,
 * summary 5), each number a `Summary.Value` (summary.proto: tag 1, simple_value 2), which keeps 32 bits of it.
 */
export function scalars(step: number, time: number, values: Readonly<Record<string, number>>): Uint8Array {
  return record((event) => {
    event.double(1, time);
    event.int(2, step);
    event.message(5, (summary) => {
      for (const [tag, value] of Object.entries(values))
        summary.message(1, (one) => {
          one.string(1, tag);
          one.float(2, value);
        });
    });
  });
}

/** Length (8 bytes, little endian) and its CRC, then the message and its CRC. */
function record(write: (event: ProtobufWriter) => void): Uint8Array {
  const writer = new ProtobufWriter();
  write(writer);
  const message = writer.finish();
  const bytes = new Uint8Array(message.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(message, 12);
  view.setUint32(12 + message.length, maskedCrc32c(message), true);
  return bytes;
}
