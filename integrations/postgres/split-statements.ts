/** One statement of a script, without its semicolon, and the line on which its first word stands. */
export interface Statement {
  readonly text: string;
  readonly line: number;
}

/**
 * Splits an SQL script at the semicolons that end statements. Semicolons in strings, quoted identifiers, dollar quotes and comments
 * (which nest) do not; nor do those inside `begin atomic … end` bodies of SQL functions. Throws for what is left open.
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function splitStatements(script: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  let firstWord = -1;
  let at = 0;
  let depth = 0;
  const finish = (end: number): void => {
    if (firstWord >= 0) {
      statements.push({ text: script.slice(start, end).trim(), line: lineOf(script, firstWord) });
    }
    start = end + 1;
    firstWord = -1;
  };
  while (at < script.length) {
    const token = nextToken(script, at);
    if (token.kind === 'end' && depth === 0) finish(at);
    else if (token.kind !== 'blank' && firstWord < 0 && token.kind !== 'end') firstWord = at;
    if (token.kind === 'word') depth = Math.max(0, depth + atomicDepth(script, at, token.to, depth));
    at = token.to;
  }
  finish(script.length);
  return statements;
}

/** The statement without comments, its white space reduced: for looking at its first words. */
export function bareText(statement: string): string {
  let bare = '';
  for (let at = 0; at < statement.length;) {
    const token = nextToken(statement, at);
    bare += token.kind === 'blank' ? ' ' : statement.slice(at, token.to);
    at = token.to;
  }
  return bare.replace(/\s+/g, ' ').trim();
}

interface Token {
  readonly kind: 'blank' | 'word' | 'end' | 'other';
  readonly to: number;
}

const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const BLANK = /\s+/y;

function nextToken(script: string, at: number): Token {
  const char = script[at];
  if (script.startsWith('--', at)) {
    const end = script.indexOf('\n', at);
    return { kind: 'blank', to: end < 0 ? script.length : end + 1 };
  }
  if (script.startsWith('/*', at)) return { kind: 'blank', to: commentEnd(script, at) };
  const blank = match(BLANK, script, at);
  if (blank !== undefined) return { kind: 'blank', to: at + blank.length };
  if (char === ';') return { kind: 'end', to: at + 1 };
  if (char === "'") return { kind: 'other', to: quoteEnd(script, at, "'", false) };
  if (char === '"') return { kind: 'other', to: quoteEnd(script, at, '"', false) };
  if (/^[eE]'/.test(script.slice(at, at + 2))) return { kind: 'other', to: quoteEnd(script, at + 1, "'", true) };
  // `$1` is a parameter and `$$`, `$tag$` open a quote; a dollar inside a word is part of the word, which is matched as a whole.
  const tag = match(DOLLAR_TAG, script, at);
  if (tag !== undefined) {
    const end = script.indexOf(tag, at + tag.length);
    if (end < 0) throw unfinished(script, at, `the dollar quote ${tag}`);
    return { kind: 'other', to: end + tag.length };
  }
  const word = match(WORD, script, at);
  if (word !== undefined) return { kind: 'word', to: at + word.length };
  return { kind: 'other', to: at + 1 };
}

function match(pattern: RegExp, script: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(script)?.[0];
}

function commentEnd(script: string, from: number): number {
  let depth = 0;
  for (let at = from; at < script.length; at++) {
    if (script.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (script.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  throw unfinished(script, from, 'a comment');
}

/** A doubled quote stays inside; a backslash takes the next character with it in E'' strings only. */
function quoteEnd(script: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from + 1; at < script.length; at++) {
    if (escapes && script[at] === '\\') at++;
    else if (script[at] === quote) {
      if (script[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  throw unfinished(script, from, quote === "'" ? 'a string' : 'a quoted identifier');
}

/** `begin atomic` opens a body in which semicolons separate; `case` and `begin` within it close with `end`, too. */
function atomicDepth(script: string, at: number, to: number, depth: number): number {
  const word = script.slice(at, to).toLowerCase();
  if (depth === 0) return word === 'begin' && /^\s+atomic\b/i.test(script.slice(to)) ? 1 : 0;
  if (word === 'case') return 1;
  return word === 'end' ? -1 : 0;
}

function lineOf(script: string, at: number): number {
  return script.slice(0, at).split('\n').length;
}

function unfinished(script: string, at: number, what: string): Error {
  return new Error(`${what} that starts in line ${lineOf(script, at)} is never closed`);
}
