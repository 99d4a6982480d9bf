import { plainly, spelled } from './spelling.ts';

/** A text that rules read: spelled as they know it, and able to give back the lead's own words. */
export interface Written {
  /** The lead's words. */
  readonly text: string;
  /** Small letters, no accents, short forms written out; what must not be read is blank. */
  readonly plain: string;
  /** The whole words of `text` from which that part of `plain` was made. */
  quote(start: number, end: number): string;
}

/** A piece of `plain`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Words with their apostrophes, or single signs. Numbers with letters behind them (`3br`) are one word. */
const pieces = /[\p{L}\p{M}\p{N}'’‘`´]+|[^]/gu;

export function written(text: string): Written {
  const starts: number[] = [];
  const ends: number[] = [];
  let plain = '';
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    const simple = plainly(piece).replaceAll(/[’‘`´]/g, "'");
    const word = spelled(simple);
    // Whole words are quoted, never parts of them.
    for (let at = 0; at < word.length; at += 1) {
      starts.push(index);
      ends.push(index + piece.length);
    }
    plain += word;
  }
  return {
    text,
    plain,
    quote: (start, end) => (end > start ? text.slice(starts[start], ends[end - 1]) : ''),
  };
}

/** The same text with some of its parts blank, so that nobody reads them; places stay what they are. */
export function without(written: Written, spans: readonly Span[]): Written {
  let { plain } = written;
  for (const { start, end } of spans) plain = plain.slice(0, start) + ' '.repeat(end - start) + plain.slice(end);
  return { ...written, plain };
}

/** Where a pattern fits, in order. */
export function spansOf(plain: string, pattern: RegExp): Span[] {
  return [...plain.matchAll(pattern)].map(({ 0: words, index }) => ({ start: index, end: index + words.length }));
}

/** Sentences with the mark that ends them; `St. Petersburg`, `2.5` and `p.m.` end none. */
export function sentencesIn(plain: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const { 0: mark, index } of plain.matchAll(/[!?]+|\n|;|\.+(?=\s|$)/g)) {
    if (
      mark === '.' &&
      /(?:\b(?:st|ft|mt|dr|ave|rd|blvd|mr|mrs|ms|vs|approx|sq|a\.m|p\.m|a\. m|p\. m))$/.test(plain.slice(start, index))
    ) {
      continue;
    }
    spans.push({ start, end: index + mark.length });
    start = index + mark.length;
  }
  if (start < plain.length) spans.push({ start, end: plain.length });
  return spans.filter((span) => plain.slice(span.start, span.end).trim() !== '');
}

/** Sentences and what commas set apart in them; no comma of a number. */
export function clausesIn(plain: string): Span[] {
  return sentencesIn(plain).flatMap(({ start, end }) => {
    const parts = plain.slice(start, end).split(/(?<=,)(?!\d)/);
    let at = start;
    return parts.map((part) => ({ start: at, end: (at += part.length) }));
  });
}

/** The sentence in which a place of the text lies. */
export function sentenceAt(plain: string, at: number): Span {
  return sentencesIn(plain).find(({ start, end }) => at >= start && at < end) ?? { start: 0, end: plain.length };
}
