/** A number that a binary one may not hold: many digits, or an exponent. Strings may hold such text too, which costs time and nothing else. */
const RISKY = /[:,[\s]-?(?:[\d.]{16}|[\d.]+[eE][+-]?\d)/;
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON without losing a digit: a number that does not come back from a binary one as it was written, such as an int64 of 19
 * digits or a price of 18, becomes text with its digits as they came.
 * @throws SyntaxError where it is no JSON
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!RISKY.test(text)) return value;
  return JSON.parse(text.replace(TOKENS, (token) => (token.startsWith('"') || isExact(token) ? token : `"${token}"`)));
}

/** Up to 15 significant digits every decimal number has a binary one of its own. */
function isExact(token: string): boolean {
  const number = Number(token);
  if (!Number.isFinite(number)) return false;
  const significant = token
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  return significant.length <= 15 || String(number) === token;
}
