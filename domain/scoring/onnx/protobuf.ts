/**
 * As much of protobuf's wire format as model files need. A message is written as the bytes of its fields, one after another;
 * the same calls give the same bytes, which is what lets a model file be compared with its source.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((length, field) => length + field.length, 0));
  let at = 0;
  for (const field of fields) {
    bytes.set(field, at);
    at += field.length;
  }
  return bytes;
}

/** A whole number from 0 to 2^53. */
export function numberField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return message(Uint8Array.from([...varint(field * 8 + 2), ...varint(value.length)]), value);
}

export function textField(field: number, value: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(value));
}

/** A packed list of whole numbers. */
export function numbersField(field: number, values: readonly number[]): Uint8Array {
  return bytesField(field, Uint8Array.from(values.flatMap(varint)));
}

/** Seven bits a byte, lowest first; division instead of shifts, which would cut at 32 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

export interface WireField {
  readonly field: number;
  /** The bytes of a text, message or packed list; null for a number. */
  readonly bytes: Uint8Array | null;
  readonly number: number | null;
}

/** The fields of one message, in order. Throws RangeError when the bytes end early or are no protobuf. */
export function fieldsOf(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError(`protobuf ends early: ${length} bytes wanted at ${at}`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; scale < 2 ** 63; scale *= 128) {
      const byte = take(1)[0]!;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
    throw new RangeError(`protobuf number too long at ${at}`);
  };
  while (at < bytes.length) {
    const key = readVarint();
    const field = Math.floor(key / 8);
    const wire = key % 8;
    if (wire === 0) fields.push({ field, bytes: null, number: readVarint() });
    else if (wire === 1) fields.push({ field, bytes: take(8), number: null });
    else if (wire === 2) fields.push({ field, bytes: take(readVarint()), number: null });
    else if (wire === 5) fields.push({ field, bytes: take(4), number: null });
    else throw new RangeError(`protobuf wire type ${wire} at ${at}`);
  }
  return fields;
}
