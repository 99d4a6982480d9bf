import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bareText, splitStatements } from '../../../integrations/postgres/split-statements.ts';

const texts = (script: string): string[] => splitStatements(script).map((statement) => statement.text);

describe('splitting a script into statements', () => {
  it('splits at semicolons and tells the line of each first word', () => {
    expect(splitStatements('select 1;\n\n-- why\nselect 2;\nselect 3')).toEqual([
      { text: 'select 1', line: 1 },
      { text: '-- why\nselect 2', line: 4 },
      { text: 'select 3', line: 5 },
    ]);
  });

  it.each([
    ['strings', `select 'a;b', 'it''s;'`],
    ['escape strings', String.raw`select E'a\';b', e'\\'`],
    ['plain strings, in which a backslash is a character', String.raw`select 'a\'`],
    ['quoted identifiers', `select "a;""b"`],
    ['dollar quotes', 'select $$a;b$$'],
    ['tagged dollar quotes with others inside', 'do $body$ begin perform $$x;$$; perform $a$;$a$; end $body$'],
    ['line comments', 'select 1 -- a;b\n+ 2'],
    ['nested comments', 'select /* a; /* b; */ c; */ 1'],
    ['comment marks in strings', `select '/*', '--', '*/;'`],
    ['parameters', 'prepare p as select $1::text || $2'],
    ['dollars inside names', 'select a$b$c from t$x'],
    [
      'bodies of SQL functions',
      'create function f() returns int begin atomic select case when true then 1 end; select 2; end',
    ],
  ])('keeps %s whole', (_what, statement) => {
    expect(texts(`${statement};select 9`)).toEqual([statement, 'select 9']);
  });

  it('answers nothing for blanks, comments and lone semicolons', () => {
    expect(texts(' \n; ;; -- a\n /* b */ ;')).toEqual([]);
  });

  it.each([
    ["select 'a", 'a string'],
    ['select "a', 'a quoted identifier'],
    ['select $x$ a $$', 'the dollar quote $x$'],
    ['select /* /* */', 'a comment'],
  ])('refuses what is never closed: %s', (script, what) => {
    expect(() => splitStatements(`select 1;\n${script}`)).toThrow(`${what} that starts in line 2`);
  });

  it('puts back together what was joined, whatever the statements hold', () => {
    const part = fc.oneof(
      fc.constantFrom('select', 'a1', '=', '+', '(', ')', '$1', "e'\\';'", '"x;y"'),
      fc.string({ maxLength: 8 }).map((text) => `'${text.replaceAll("'", "''")}'`),
      fc.string({ maxLength: 8 }).map((text) => `$q$${text.replaceAll('$', '')};$q$`),
      fc.string({ maxLength: 8 }).map((text) => `/* ${text.replaceAll('/', '').replaceAll('*', '')}; */`),
    );
    const statement = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `select ${parts.join(' ')}`);
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), (statements) => {
        expect(texts(statements.join(';\n'))).toEqual(statements);
      }),
    );
  });
});

describe('the bare text of a statement', () => {
  it('is without comments and with single blanks, its strings untouched', () => {
    expect(bareText("-- a\ncreate /* b */ index\n\tx on t (y) where z = '--  c'")).toBe(
      "create index x on t (y) where z = '-- c'",
    );
  });
});
