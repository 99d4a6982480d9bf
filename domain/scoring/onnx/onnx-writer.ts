import { bytesField, fieldsOf, message, numberField, numbersField, textField } from './protobuf.ts';

/**
 * An ONNX model file from a graph: IR 10, operator set 21, and set 5 of the machine-learning domain where a node is of it.
 * Same graph, same bytes.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the field numbers
 */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const learned = model.nodes.some((node) => node.domain === mlDomain);
  const opsets = [message(textField(1, ''), numberField(2, 21))];
  if (learned) opsets.push(message(textField(1, mlDomain), numberField(2, 5)));
  const metadata = Object.entries(model.metadata).map(([key, value]) =>
    bytesField(14, message(textField(1, key), textField(2, value))),
  );
  return message(
    numberField(1, 10),
    textField(2, 'leadwright'),
    textField(3, writerVersion),
    bytesField(7, graphMessage(model)),
    ...opsets.map((opset) => bytesField(8, opset)),
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

export const mlDomain = 'ai.onnx.ml';

export interface OnnxModel {
  readonly name: string;
  /** Tensors of shape [N, columns]. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly Node[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The format's numbers for the types of numbers. */
export const tensorType = { float: 1, uint8: 2, int64: 7, double: 11 } as const;
type NumberType = keyof typeof tensorType;

export interface Port {
  readonly name: string;
  readonly columns: number;
  /** Float where nothing is said. */
  readonly type?: NumberType;
}

/** `shape` is empty for a scalar. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** Float where nothing is said. */
  readonly type?: NumberType;
}

export interface Constant extends Tensor {
  readonly name: string;
}

export interface Node {
  readonly operator: string;
  readonly domain?: typeof mlDomain;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A whole number, a list of whole numbers, or a tensor. */
export type Attribute = number | readonly number[] | Tensor;

function graphMessage(model: OnnxModel): Uint8Array {
  return message(
    ...model.nodes.map((node) => bytesField(1, nodeMessage(node))),
    textField(2, model.name),
    ...model.constants.map((constant) => bytesField(5, tensorMessage(constant, constant.name))),
    ...model.inputs.map((port) => bytesField(11, portMessage(port))),
    ...model.outputs.map((port) => bytesField(12, portMessage(port))),
  );
}

function nodeMessage({ operator, domain, inputs, output, attributes = {} }: Node): Uint8Array {
  return message(
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, output),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, attributeMessage(name, value))),
    ...(domain === undefined ? [] : [textField(7, domain)]),
  );
}

function attributeMessage(name: string, value: Attribute): Uint8Array {
  const kind = { int: 2, tensor: 4, ints: 7 };
  if (typeof value === 'number') return message(textField(1, name), numberField(3, value), numberField(20, kind.int));
  if ('shape' in value) {
    return message(textField(1, name), bytesField(5, tensorMessage(value, name)), numberField(20, kind.tensor));
  }
  return message(textField(1, name), numbersField(8, value), numberField(20, kind.ints));
}

function tensorMessage({ shape, values, type = 'float' }: Tensor, name: string): Uint8Array {
  return message(
    ...shape.map((size) => numberField(1, size)),
    numberField(2, tensorType[type]),
    textField(8, name),
    bytesField(9, littleEndian(values, type)),
  );
}

const widthOf: Readonly<Record<NumberType, number>> = { float: 4, uint8: 1, int64: 8, double: 8 };

/** The format is little-endian whatever the machine is. */
function littleEndian(values: readonly number[], type: NumberType): Uint8Array {
  const width = widthOf[type];
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (type === 'int64') view.setBigInt64(i * width, BigInt(value), true);
    else if (type === 'double') view.setFloat64(i * width, value, true);
    else if (type === 'uint8') view.setUint8(i, value);
    else view.setFloat32(i * width, value, true);
  });
  return bytes;
}

function portMessage({ name, columns, type = 'float' }: Port): Uint8Array {
  const rows = bytesField(1, textField(2, 'N'));
  const shape = message(rows, bytesField(1, numberField(1, columns)));
  const tensor = message(numberField(1, tensorType[type]), bytesField(2, shape));
  return message(textField(1, name), bytesField(2, bytesField(1, tensor)));
}
