/** Tags that end a line. */
const blocks = new Set(
  'address article blockquote br div dd dl dt footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tr ul'.split(
    ' ',
  ),
);
/** Elements whose content nobody reads. */
const hidden = new Set(['script', 'style', 'head', 'title', 'template']);

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
};

/**
 * The words of an HTML e-mail, line by line. Quoted mail (`blockquote`) keeps the mark that plain-text mail uses, `> `, so that one reader
 * can tell a person's own words from ours quoted back. Linear in the input's length; unclosed or wild markup costs words, never time.
 */
export function htmlToText(html: string): string {
  const lines: string[] = [''];
  let quote = 0;
  const write = (text: string): void => {
    const words = decode(text).replace(/\s+/g, ' ');
    const line = lines.at(-1) ?? '';
    if (words.trim() === '' && line === '') return;
    lines[lines.length - 1] = line === '' ? '> '.repeat(Math.min(quote, 5)) + words.trimStart() : line + words;
  };
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) {
      write(html.slice(at));
      break;
    }
    write(html.slice(at, open));
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open);
      if (end < 0) break;
      at = end + 3;
      continue;
    }
    const tag = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)/.exec(html.slice(open, open + 32));
    // A bare `<` is text: "budget < 400k" must survive.
    if (!tag && html[open + 1] !== '!') {
      write('<');
      at = open + 1;
      continue;
    }
    const close = html.indexOf('>', open);
    if (close < 0) break;
    at = close + 1;
    const name = tag?.[2]?.toLowerCase() ?? '';
    const ends = tag?.[1] === '/';
    if (hidden.has(name) && !ends) at = afterElement(html, name, at);
    if (name === 'blockquote') quote = Math.max(0, quote + (ends ? -1 : 1));
    if (blocks.has(name) && lines.at(-1) !== '') lines.push('');
  }
  return lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}

function afterElement(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}\\s*>`, 'gi');
  end.lastIndex = from;
  const found = end.exec(html);
  return found ? found.index + found[0].length : html.length;
}

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,8});/gi, (whole, name: string) => {
    if (name.startsWith('#')) {
      const hex = name[1] === 'x' || name[1] === 'X';
      const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
      const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      return valid ? String.fromCodePoint(code) : '\uFFFD';
    }
    return Object.hasOwn(entities, name) ? (entities[name] ?? whole) : whole;
  });
}
