import { bytesField, fieldsOf, message, numberField, textField } from './protobuf.ts';

/**
 * An ONNX model file from a graph: IR 10, operator set 21. Same graph, same bytes.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the field numbers
 */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const opset = message(textField(1, ''), numberField(2, 21));
  const metadata = Object.entries(model.metadata).map(([key, value]) =>
    bytesField(14, message(textField(1, key), textField(2, value))),
  );
  return message(
    numberField(1, 10),
    textField(2, 'leadwright'),
    textField(3, writerVersion),
    bytesField(7, graphMessage(model)),
    bytesField(8, opset),
    ...metadata,
  );
}

/** The metadata of a model file; throws RangeError when the bytes are no model. */
export function readOnnxMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  const decode = (value: Uint8Array | null | undefined): string => new TextDecoder().decode(value ?? new Uint8Array());
  const entries = fieldsOf(bytes).filter(({ field }) => field === 14);
  return Object.fromEntries(
    entries.map(({ bytes: entry }) => {
      const fields = fieldsOf(entry ?? new Uint8Array());
      const text = (wanted: number): string => decode(fields.find(({ field }) => field === wanted)?.bytes);
      return [text(1), text(2)];
    }),
  );
}

/** Rises when the same graph would give other bytes. */
export const writerVersion = '1';

export interface OnnxModel {
  readonly name: string;
  /** Float tensors of shape [N, columns]. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly Node[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Port {
  readonly name: string;
  readonly columns: number;
}

/** Float32 values, or int64 where `whole` is set; `shape` is empty for a scalar. */
export interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly whole?: true;
}

export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Whole-number attributes. */
  readonly attributes?: Readonly<Record<string, number>>;
}

export const tensorType = { float: 1, int64: 7 } as const;

function graphMessage(model: OnnxModel): Uint8Array {
  return message(
    ...model.nodes.map((node) => bytesField(1, nodeMessage(node))),
    textField(2, model.name),
    ...model.constants.map((constant) => bytesField(5, tensorMessage(constant))),
    ...model.inputs.map((port) => bytesField(11, portMessage(port))),
    ...model.outputs.map((port) => bytesField(12, portMessage(port))),
  );
}

function nodeMessage(node: Node): Uint8Array {
  const attributeKind = { int: 2 };
  const attributes = Object.entries(node.attributes ?? {}).map(([name, value]) =>
    bytesField(5, message(textField(1, name), numberField(3, value), numberField(20, attributeKind.int))),
  );
  return message(
    ...node.inputs.map((input) => textField(1, input)),
    textField(2, node.output),
    textField(3, node.output),
    textField(4, node.operator),
    ...attributes,
  );
}

function tensorMessage({ name, shape, values, whole }: Constant): Uint8Array {
  return message(
    ...shape.map((size) => numberField(1, size)),
    numberField(2, whole ? tensorType.int64 : tensorType.float),
    textField(8, name),
    bytesField(9, littleEndian(values, whole === true)),
  );
}

/** The format is little-endian whatever the machine is. */
function littleEndian(values: readonly number[], whole: boolean): Uint8Array {
  const width = whole ? 8 : 4;
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (whole) view.setBigInt64(i * width, BigInt(value), true);
    else view.setFloat32(i * width, value, true);
  });
  return bytes;
}

function portMessage({ name, columns }: Port): Uint8Array {
  const rows = bytesField(1, textField(2, 'N'));
  const shape = message(rows, bytesField(1, numberField(1, columns)));
  const tensor = message(numberField(1, tensorType.float), bytesField(2, shape));
  return message(textField(1, name), bytesField(2, bytesField(1, tensor)));
}
