import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  answersHarmlessly,
  attemptsOf,
  claudeOf,
  type Claude,
  type Fate,
  fatesOf,
  installAssisted,
  someLeads,
  writeAtOnce,
} from '../support/assistant-burst.ts';
import { faultNamed, hostileWords, vendorWell } from '../support/assistant-faults.ts';
import { zoneAt, type Brokerage } from '../support/brokerage.ts';
import { startProduct, type Product } from '../support/product.ts';
import { serversOf } from '../support/servers.ts';

/** Whatever the vendor of the model does, each message of a lead gets one safe answer, or a person who knows of it. */

let product: Product;
let claude: Claude;

const LIMIT_MS = 120_000;
const words = [
  'is it still available?',
  'we look for 3 beds in Tampa, 450k',
  'want to sell my condo',
  'can we see it friday',
];

beforeAll(async () => {
  product = await startProduct('assistant');
  claude = claudeOf(product);
  await answersHarmlessly(claude);
});

afterEach(() => vendorWell(claude));
afterAll(() => product?.stop());

describe('a burst of messages', () => {
  it('is answered by the model while it is well, each message once', async () => {
    const { fates, attempts } = await burst();
    expect(fates.map(({ kind, texts }) => [kind, texts])).toEqual(words.map(() => ['answered', 1]));
    expect(fates.map(({ rungs }) => rungs)).toEqual(words.map(() => ['draft']));
    expect(attempts.attempts).toBe(attempts.calls);
  });

  it.each([
    ...['529 without end', 'cut mid-stream', 'connection cut', 'slow first byte', 'refusal'],
    ...['tool JSON cut short', 'enum in the wrong case', 'empty answer'],
  ])('is answered safely or given to a person with: %s', async (name) => {
    await faultNamed(name).order(claude);
    expectSafe((await burst()).fates);
  });

  it('is answered safely or given to a person while nobody listens where the vendor was', async () => {
    await serversOf(product).claude.stop();
    try {
      expectSafe((await burst()).fates);
    } finally {
      await serversOf(product).claude.start();
    }
  });

  it('that comes at night is given to a person, and what is said waits for the morning', async () => {
    const { fates } = await burst({ timezone: zoneAt(2) });
    expect(fates.map(({ texts }) => texts)).toEqual(words.map(() => 0));
    expect(fates.every(({ kind }) => kind === 'planned' || kind === 'person')).toBe(true);
  });

  it('of hostile words is answered or given to a person', async () => {
    const { fates } = await burst(
      {},
      hostileWords.map((one) => one.words),
    );
    expectSafe(fates);
  });
});

describe('what will be refused again', () => {
  it('is not asked again once the limit of spending is reached', async () => {
    await faultNamed('spend cap').order(claude);
    const { fates, attempts } = await burst();
    expectSafe(fates);
    expect(attempts.attempts).toBe(attempts.calls);
    const asked = attempts.attempts;
    const more = await burst();
    expectSafe(more.fates);
    expect([asked, more.attempts.attempts]).toEqual([expect.any(Number), 0]);
  });

  it('nor with a key that was revoked', async () => {
    await product.kill();
    await product.start();
    await faultNamed('key revoked').order(claude);
    expectSafe((await burst()).fates);
    const more = await burst();
    expectSafe(more.fates);
    expect(more.attempts.attempts).toBe(0);
  });
});

/** Leads of a location of their own, each of whom writes; what became of it. */
async function burst(over: { readonly timezone?: string } = {}, said: readonly string[] = words) {
  const team: Brokerage = await installAssisted(product);
  const contacts = await someLeads(team, said.length, over);
  await writeAtOnce(team, contacts, (at) => said[at]!);
  const fates = await fatesOf(product, team, contacts, LIMIT_MS);
  return { fates: contacts.map(({ id }) => fates.get(id)!), attempts: await attemptsOf(product, team) };
}

function expectSafe(fates: readonly Fate[]): void {
  expect(fates.filter(({ kind }) => kind === 'open')).toEqual([]);
  expect(fates.filter(({ texts }) => texts > 1)).toEqual([]);
}
