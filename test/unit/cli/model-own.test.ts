import { describe, expect, it } from '@jest/globals';
import { main } from '../../../cli/main.ts';

async function run(...args: string[]): Promise<{ code: number; err: string }> {
  let err = '';
  const io = { out: () => undefined, err: (text: string) => void (err += text), terminal: false, colour: false };
  return { code: await main(['model', ...args], { ...io, env: {}, cwd: '/nowhere' }), err };
}

describe('leadwright model train', () => {
  it.each([
    [['train'], 'expected --data, --schema and --out, or --location'],
    [['train', '--data', 'a.csv', '--schema', 'a.json'], 'expected --data, --schema and --out, or --location'],
    [['train', '--location', 'here', '--data', 'a.csv'], 'not both'],
    [['train', '--location', 'here', '--schema', 'a.json'], 'not both'],
    [['train', '--location', 'here', '--leave-out'], 'not both'],
    [['train', '--data', 'a.csv', '--schema', 'a.json', '--out', 'a', '--dry-run'], 'belong to --location'],
    [['train', '--data', 'a.csv', '--schema', 'a.json', '--out', 'a', '--home', 'b'], 'belong to --location'],
    [['train', '--location', 'here', '--seed', 'x'], '--seed: expected a whole number'],
    [['silence'], "required option '--location <id>' not specified"],
  ])('says what is wrong with: %s', async (args, words) => {
    expect(await run(...args)).toEqual({ code: 2, err: expect.stringContaining(words) });
  });
});
