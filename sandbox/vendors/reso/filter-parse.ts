import { badQuery } from './refusal.ts';

/** What a `$filter` says. A value of an enumeration, `Ns.Type'Member'`, is a text like any other. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'compare'; readonly op: Operator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'in'; readonly left: Operand; readonly list: readonly Literal[] }
  | { readonly kind: 'call'; readonly name: 'contains' | 'startswith' | 'endswith'; readonly args: readonly Operand[] };

export type Operator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type Operand =
  | Literal
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string; readonly of: Operand };

export interface Literal {
  readonly kind: 'literal';
  readonly type: 'text' | 'number' | 'date' | 'instant' | 'boolean' | 'null';
  readonly value: string | number | bigint | boolean | null;
}

interface Token {
  readonly kind: 'word' | 'literal' | 'mark' | 'end';
  readonly text: string;
  readonly at: number;
  readonly literal?: Literal;
}

const OPERATORS: readonly string[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const TESTS: readonly string[] = ['contains', 'startswith', 'endswith'];
const FUNCTIONS: readonly string[] = ['tolower', 'toupper', 'trim', 'length', 'year', 'month', 'day', 'date'];

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)/i;
const DATE = /^\d{4}-\d\d-\d\d(?![\dT])/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/;
const ENUMERATED = /^[A-Za-z_][\w.]*'((?:[^']|'')*)'/;
const TEXT = /^'((?:[^']|'')*)'/;
const WORD = /^[A-Za-z_@][\w./]*/;

/**
 * @returns what it says, how many comparisons it has and how many values its longest list
 * @throws Refusal 400 that says where it is wrong
 */
export function parseFilter(text: string): {
  readonly expression: Expression;
  readonly terms: number;
  readonly listed: number;
} {
  const tokens = tokensOf(text);
  let next = 0;
  let [terms, listed] = [0, 0];
  const peek = (): Token => tokens[next]!;
  const take = (): Token => tokens[next++]!;
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().text === word;
  const expect = (mark: string): void => {
    if (peek().text !== mark || peek().kind !== 'mark') throw unexpected(peek(), `'${mark}'`);
    next += 1;
  };

  const either = (): Expression => {
    let left = both();
    while (isWord('or')) {
      take();
      left = { kind: 'or', left, right: both() };
    }
    return left;
  };
  const both = (): Expression => {
    let left = one();
    while (isWord('and')) {
      take();
      left = { kind: 'and', left, right: one() };
    }
    return left;
  };
  const one = (): Expression => {
    if (isWord('not')) {
      take();
      return { kind: 'not', of: one() };
    }
    if (peek().text === '(' && peek().kind === 'mark') {
      take();
      const inner = either();
      expect(')');
      return inner;
    }
    return comparison();
  };
  const comparison = (): Expression => {
    terms += 1;
    if (peek().kind === 'word' && TESTS.includes(peek().text)) {
      const name = take().text as 'contains' | 'startswith' | 'endswith';
      expect('(');
      const args = [operand()];
      expect(',');
      args.push(operand());
      expect(')');
      // `contains(…) eq true` is the same.
      if (isWord('eq') && tokens[next + 1]?.literal?.value === true) next += 2;
      return { kind: 'call', name, args };
    }
    const left = operand();
    const op = take();
    if (op.kind === 'word' && op.text === 'in') {
      expect('(');
      const list: Literal[] = [];
      for (;;) {
        const item = take();
        if (item.literal === undefined) throw unexpected(item, 'a value');
        list.push(item.literal);
        if (peek().text !== ',') break;
        take();
      }
      expect(')');
      listed = Math.max(listed, list.length);
      return { kind: 'in', left, list };
    }
    if (op.kind !== 'word' || !OPERATORS.includes(op.text)) throw unexpected(op, 'an operator');
    return { kind: 'compare', op: op.text as Operator, left, right: operand() };
  };
  const operand = (): Operand => {
    const token = take();
    if (token.literal !== undefined) return token.literal;
    if (token.kind !== 'word') throw unexpected(token, 'a field or a value');
    if (peek().text !== '(' || peek().kind !== 'mark') return { kind: 'field', name: token.text };
    if (!FUNCTIONS.includes(token.text))
      throw badQuery('$filter', `Unknown function '${token.text}' at position ${token.at}`);
    take();
    const of = operand();
    expect(')');
    return { kind: 'function', name: token.text, of };
  };

  const expression = either();
  if (peek().kind !== 'end')
    throw badQuery('$filter', `Unexpected token after end of expression at position ${peek().at}`);
  return { expression, terms, listed };
}

function unexpected(token: Token, wanted: string): Error {
  const found = token.kind === 'end' ? 'end of expression' : `token '${token.text}'`;
  return badQuery('$filter', `Unexpected ${found} at position ${token.at}, expected ${wanted}`);
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^\s+/.exec(rest)?.[0];
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const token = tokenAt(rest, at);
    if (token === undefined) throw badQuery('$filter', `Unexpected character '${rest.charAt(0)}' at position ${at}`);
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at }];
}

function tokenAt(rest: string, at: number): Token | undefined {
  const literal = (text: string, type: Literal['type'], value: Literal['value']): Token => ({
    ...{ kind: 'literal', text, at },
    literal: { kind: 'literal', type, value },
  });
  if (/^[(),]/.test(rest)) return { kind: 'mark', text: rest.charAt(0), at };
  const quoted = TEXT.exec(rest) ?? ENUMERATED.exec(rest);
  if (quoted !== null) return literal(quoted[0], 'text', quoted[1]!.replaceAll("''", "'"));
  const instant = INSTANT.exec(rest)?.[0];
  if (instant !== undefined) {
    if (Number.isNaN(Date.parse(instant)))
      throw badQuery('$filter', `Invalid Edm.DateTimeOffset '${instant}' at position ${at}`);
    return literal(instant, 'instant', Date.parse(instant));
  }
  const date = DATE.exec(rest)?.[0];
  if (date !== undefined) return literal(date, 'date', date);
  const number = NUMBER.exec(rest)?.[0];
  if (number !== undefined) {
    const whole = /^-?\d+$/.test(number);
    return literal(number, 'number', whole && !Number.isSafeInteger(Number(number)) ? BigInt(number) : Number(number));
  }
  const word = WORD.exec(rest)?.[0];
  if (word === 'true' || word === 'false') return literal(word, 'boolean', word === 'true');
  if (word === 'null') return literal(word, 'null', null);
  return word === undefined ? undefined : { kind: 'word', text: word, at };
}
