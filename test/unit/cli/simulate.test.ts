import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../../cli/main.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'leadwright-simulate-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Where nobody answers: what ships is simulated. */
async function simulate(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await main(['sequences', 'simulate', ...args, '--home', home, '--api', 'http://127.0.0.1:1'], {
    ...{ out: (text: string) => void (out += text), err: (text: string) => void (err += text) },
    ...{ terminal: false, colour: false, env: {}, cwd: root },
  });
  return { code, out, err };
}

const seller = ['--lead', 'docs/examples/lead-texas-seller.json'] as const;

describe('sequences simulate', () => {
  it('prints the calendar on the clock of the lead, with the verdict and its reason in each line', async () => {
    const { code, out } = await simulate('new-lead-welcome', ...seller, '--from', '2026-02-28T20:45');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      'new-lead welcome, as it ships; nothing runs here that has published another',
      'enrolled Sat 2026-02-28 20:45, times in America/Chicago',
      '',
      'WHEN | STEP | CHANNEL | WORDS | VERDICT | WHY',
      'Sat 2026-02-28 20:45 | first-text | sms | Hi Ana, this is Example Realty. You agreed… | goes out | -',
      'Sat 2026-02-28 21:15 | introduction | email | Your plans, and how Example Realty can help | waits until Sun 2026-03-01 12:00 | outside the hours of TX in America/Chicago',
      'Sun 2026-03-01 12:00 | introduction | email | Your plans, and how Example Realty can help | goes out | -',
      'Sun 2026-03-01 20:45 | call | call-task | Call a new lead: no reply in a day | is done | -',
      '',
      'ends Sun 2026-03-01 20:45: completed',
      '',
    ]);
  });

  it('takes a document that nobody has published, and answers as one JSON document', async () => {
    const { code, out } = await simulate('docs/examples/quick-check.json', ...seller, '--from', '2026-03-03', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ key: 'quick-check', zone: 'America/Chicago', from: '2026-03-03T16:00:00.000Z' },
      entries: [
        { step: 'first-text', verdict: 'goes-out', local: 'Tue 2026-03-03 10:00' },
        { step: 'call', verdict: 'goes-out' },
      ],
      end: { why: 'completed' },
    });
  });

  it('says what is wrong with a lead file, a time and a name, each by its exit code', async () => {
    const file = join(home, 'lead.json');
    await writeFile(file, JSON.stringify({ zone: 'EST', state: 'Texas' }));
    const bad = await simulate('new-lead-welcome', '--lead', file);
    expect(bad).toMatchObject({ code: 1, out: '' });
    expect(bad.err).toMatch(/\$\.zone: expected a zone.*\n.*\$\.state: expected two letters/);
    expect((await simulate('new-lead-welcome', ...seller, '--from', 'tomorrow')).code).toBe(2);
    expect((await simulate('new-lead-welcome', '--lead', 'nowhere.json')).code).toBe(2);
    const unknown = await simulate('of-nobody', ...seller);
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain('Nobody answers at http://127.0.0.1:1');
  });
});
