import { describe, expect, it } from '@jest/globals';
import { type CsvRecord, csvRecords } from '../../../cli/csv.ts';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
}

/** The same, however the text is cut into pieces. */
async function records(text: string): Promise<CsvRecord[]> {
  const cuts: CsvRecord[][] = [];
  for (const size of [1, 2, 3, 7, text.length + 1]) {
    const found: CsvRecord[] = [];
    for await (const one of csvRecords(pieces(text, size))) found.push(one);
    cuts.push(found);
  }
  for (const cut of cuts) expect(cut).toEqual(cuts[0]);
  return cuts[0]!;
}

describe('a CSV text', () => {
  it('is read with quotes, commas and line ends inside of cells, and tells on which line each record begins', async () => {
    expect(await records('\uFEFFa,b\r\n"x, ""y""","two\r\nlines"\r\n\r\n1,\n"",2')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"', 'two\r\nlines'] },
      { line: 5, cells: ['1', ''] },
      { line: 6, cells: ['', '2'] },
    ]);
  });

  it('may end its lines as any system does, and blank ones are none', async () => {
    expect((await records('a\rb\n\n , \nc\r\n')).map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [5, 'c'],
    ]);
  });

  it('keeps what an unclosed quote swallowed, so that nothing is lost unseen', async () => {
    expect(await records('a,b\n"x,1\ny,2\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x,1\ny,2\n'] },
    ]);
  });

  it('ends with the line of a cell that is longer than any text, wherever the record began', async () => {
    const long = 'x,1\n'.repeat(16 * 1024);
    const read = async (text: string): Promise<number> => {
      let count = 0;
      for await (const _ of csvRecords(pieces(text, 9_999))) count += 1;
      return count;
    };
    expect(await read(`a,b\n"${long}",2\n`)).toBe(2);
    await expect(read(`a,b\n"1\n2","${long}y`)).rejects.toMatchObject({
      code: 'DATA_UNREADABLE',
      message: 'The cell that begins on line 3 is longer than 65536 characters: a quote may not be closed.',
    });
  });
});
