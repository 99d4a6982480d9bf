import {
  type Form,
  placed,
  PLACES,
  putByte,
  putNoise,
  putText,
  type RowReader,
  type RowWriter,
  takeByte,
  takeNoise,
  takeText,
} from './bytes.ts';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const NO_LETTER = 0xff;
const CODES = Uint8Array.from({ length: 128 }, (_, code) => {
  const place = LETTERS.indexOf(String.fromCharCode(code));
  return place < 0 ? NO_LETTER : place;
});
const LETTER_OF = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));
const LOW = 0xffffff;
/** Five letters are below 62^5 < 2^30. */
const FIVE_LETTERS = 62 ** 5;

/** How an id is written, where it is not the place of one before it. */
const TWENTY_LETTERS = 0xfc;
const HEX = 0xfd;
const UUID = 0xfe;
const OTHER_ID = 0xff;

export const id: Form = {
  write(row, value) {
    if (typeof value !== 'string') return false;
    const place = row.ids.indexOf(value);
    if (place >= 0) {
      putByte(row, place);
      return true;
    }
    if (writeLetters(row, value) || writeHex(row, value)) {
      if (row.ids.length < PLACES) row.ids.push(value);
      return true;
    }
    putByte(row, OTHER_ID);
    putText(row, value);
    return true;
  },
  read(row) {
    const form = takeByte(row);
    if (form === OTHER_ID) return takeText(row);
    if (form < PLACES) return placed(row.ids, form);
    const text = form < HEX ? readLetters(row) : readHex(row, form);
    if (row.ids.length < PLACES) row.ids.push(text);
    return text;
  },
};

/** Four groups of five letters, 30 bits each: the low 24 of each, and all that is above them. */
function writeLetters(row: RowWriter, text: string): boolean {
  if (text.length !== 20) return false;
  const [a, b, c, d] = [fiveLetters(text, 0), fiveLetters(text, 5), fiveLetters(text, 10), fiveLetters(text, 15)];
  if ((a | b | c | d) < 0) return false;
  putByte(row, TWENTY_LETTERS);
  putNoise(row, a & LOW, 3);
  putNoise(row, b & LOW, 3);
  putNoise(row, c & LOW, 3);
  putNoise(row, d & LOW, 3);
  putNoise(row, ((a >> 24) << 18) | ((b >> 24) << 12) | ((c >> 24) << 6) | (d >> 24), 3);
  return true;
}

/** Below 0 where one is no letter. */
function fiveLetters(text: string, from: number): number {
  let value = 0;
  for (let at = from; at < from + 5; at++) {
    const unit = text.charCodeAt(at);
    const code = unit < 128 ? CODES[unit]! : NO_LETTER;
    if (code === NO_LETTER) return -1;
    value = value * 62 + code;
  }
  return value;
}

function readLetters(row: RowReader): string {
  const [a, b, c, d] = [takeNoise(row, 3), takeNoise(row, 3), takeNoise(row, 3), takeNoise(row, 3)];
  const high = takeNoise(row, 3);
  return (
    lettersOf(a | ((high >> 18) << 24)) +
    lettersOf(b | (((high >> 12) & 63) << 24)) +
    lettersOf(c | (((high >> 6) & 63) << 24)) +
    lettersOf(d | ((high & 63) << 24))
  );
}

/** Each code by itself: what is spread into a call is walked by a much slower way. */
function lettersOf(value: number): string {
  if (value >= FIVE_LETTERS) throw new RangeError('These are no five letters.');
  const four = (value / 62) | 0;
  const three = (four / 62) | 0;
  const two = (three / 62) | 0;
  const one = (two / 62) | 0;
  return String.fromCharCode(
    LETTER_OF[one]!,
    LETTER_OF[two - one * 62]!,
    LETTER_OF[three - two * 62]!,
    LETTER_OF[four - three * 62]!,
    LETTER_OF[value - four * 62]!,
  );
}

function writeHex(row: RowWriter, text: string): boolean {
  const form = /^[0-9a-f]{24}$/.test(text) ? HEX : isUuid(text) ? UUID : undefined;
  if (form === undefined) return false;
  putByte(row, form);
  const digits = form === HEX ? text : text.replaceAll('-', '');
  for (let at = 0; at < digits.length; at += 8) putNoise(row, parseInt(digits.slice(at, at + 8), 16), 4);
  return true;
}

function isUuid(text: string): boolean {
  return text.length === 36 && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function readHex(row: RowReader, form: number): string {
  const words = Array.from({ length: form === HEX ? 3 : 4 }, () => takeNoise(row, 4).toString(16).padStart(8, '0'));
  const digits = words.join('');
  return form === HEX ? digits : digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
