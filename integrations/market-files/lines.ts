/** Characters of a line: more is no row of these files. */
const LONGEST = 1_000_000;

/**
 * Lines of a text that comes in pieces (UTF-8, a byte-order mark is passed over), without their ends.
 * @yields null in the place of a line that is longer than any row may be: what comes after it is read on
 */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | null> {
  const decoder = new TextDecoder();
  let [rest, overlong]: [string, boolean] = ['', false];
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      yield overlong || end - from > LONGEST ? null : bare(text.slice(from, end));
      [from, overlong] = [end + 1, false];
    }
    rest = text.slice(from);
    if (rest.length > LONGEST) [rest, overlong] = ['', true];
  }
  const last = rest + decoder.decode();
  if (overlong) yield null;
  else if (last !== '') yield bare(last);
}

function bare(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** The cells of a line (RFC 4180 within one line; these sources break none). Null: a quote is not closed, or something follows one. */
export function cells(line: string, delimiter: ',' | '\t'): string[] | null {
  if (!line.includes('"')) return line.split(delimiter);
  const found: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      const quoted = quotedFrom(line, at + 1);
      if (quoted === null) return null;
      found.push(quoted.text);
      at = quoted.end;
      if (at < line.length && line[at] !== delimiter) return null;
    } else {
      const end = line.indexOf(delimiter, at);
      found.push(end < 0 ? line.slice(at) : line.slice(at, end));
      at = end < 0 ? line.length : end;
    }
    if (at >= line.length) return found;
    at += 1;
  }
}

/** Text up to the closing quote, two quotes in a row being one. */
function quotedFrom(line: string, from: number): { readonly text: string; readonly end: number } | null {
  let [text, at] = ['', from];
  for (;;) {
    const end = line.indexOf('"', at);
    if (end < 0) return null;
    if (line[end + 1] !== '"') return { text: text + line.slice(at, end), end: end + 1 };
    text += line.slice(at, end + 1);
    at = end + 2;
  }
}
