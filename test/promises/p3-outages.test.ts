import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { installBrokerage, type Brokerage, type Contact } from '../support/brokerage.ts';
import { productEnvironment, startProduct, type Product } from '../support/product.ts';
import { readiness } from '../support/readiness.ts';
import { serversOf, wipeTemporal } from '../support/servers.ts';
import { until } from '../support/until.ts';

/** P3: an outage of Redis, GHL, Temporal or the database delays; it never loses or doubles. */

let product: Product;
let team: Brokerage;
let servers: ReturnType<typeof serversOf>;

const LIMIT_MS = 150_000;

beforeAll(async () => {
  product = await startProduct('p3');
  team = await installBrokerage(product);
  servers = serversOf(product);
});

afterAll(() => product?.stop());

describe('Temporal away', () => {
  it('leaves the door open: all that came meanwhile is acknowledged, and worked once it is back', async () => {
    const contacts = await some(10);
    await servers.temporal.stop();
    for (const contact of contacts) {
      expect((await team.post(team.contactEvent('ContactCreate', contact))).status).toBe(202);
    }
    expect((await team.inbox()).filter(({ verdict }) => verdict === 'received')).toHaveLength(contacts.length);
    await servers.temporal.start();
    for (const contact of contacts) await expectWelcomedOnce(contact);
  });

  it('for ever, with all that it knew: leads under way go on from the database', async () => {
    await product.api('POST', '/api/sequences', sequence('later', ['PT1S', 'PT45S']));
    const [contact] = (await some(1)) as [Contact];
    await team.deliver(team.contactEvent('ContactCreate', contact));
    await expectWelcomedOnce(contact);
    await team.act(contact, 'enrol', { sequence: 'later' });
    await until(async () => (await team.texts(contact)).includes(words(1)), LIMIT_MS);
    await until(async () => (await team.outbox(contact)).every(({ state }) => state === 'sent'), LIMIT_MS);
    await product.kill();
    await servers.temporal.stop();
    await wipeTemporal(product);
    await product.start();
    expect((await team.lead(contact)).next?.what).toContain('later');
    await until(async () => (await team.texts(contact)).includes(words(2)), LIMIT_MS);
    expect((await team.texts(contact)).slice(1)).toEqual([words(1), words(2)]);
  });
});

describe('the database away', () => {
  it('asks GHL to come again, loses nothing that was acknowledged, and works all once it is back', async () => {
    const [early, late] = [await some(5), await some(5)];
    for (const contact of early) await team.deliver(team.contactEvent('ContactCreate', contact));
    await servers.postgres.stop();
    const refused = await team.post(team.contactEvent('ContactCreate', late[0]!));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const delivered = late.map((contact) => team.deliver(team.contactEvent('ContactCreate', contact)));
    await servers.postgres.start();
    await Promise.all(delivered);
    for (const contact of late) await expectWelcomedOnce(contact);
    // What was under way when it went may have a text of unknown outcome, which takes minutes to be settled.
    for (const contact of early) await expectAppliedOnce(contact);
  });
});

describe('Redis away', () => {
  it('changes nothing but speed', async () => {
    const { redis } = product.line().pids;
    expect(redis).toBeDefined();
    process.kill(redis!, 'SIGKILL');
    for (const contact of await some(3)) {
      await team.deliver(team.contactEvent('ContactCreate', contact));
      await expectWelcomedOnce(contact);
    }
  });
});

describe('GHL away', () => {
  it('holds back only the location that it refuses', async () => {
    const other = await installBrokerage(product);
    await team.vendor('POST', 'limits', { locationId: team.locationId, max: 1, intervalMs: 20_000 });
    const delayed = await some(5);
    for (const contact of delayed) await team.deliver(team.contactEvent('ContactCreate', contact));
    const free = await other.contact();
    await other.deliver(other.contactEvent('ContactCreate', free));
    await until(async () => (await other.effects(free)).length === 3, LIMIT_MS);
    // Of the refused location hardly a call has got through, let alone the many that its leads need.
    expect((await Promise.all(delayed.map((contact) => team.effects(contact)))).flat()).toEqual([]);
    await team.vendor('POST', 'limits', { locationId: team.locationId, max: 100, intervalMs: 10_000 });
    for (const contact of delayed) await expectAppliedOnce(contact);
  });

  it('delays what is to be done there, and every contact is brought to its newest plan once', async () => {
    const contacts = await some(10);
    await servers.ghl.stop();
    for (let news = 0; news < 4; news += 1) {
      for (const contact of contacts) {
        await team.deliver(
          team.contactEvent(news === 0 ? 'ContactCreate' : 'ContactUpdate', contact, { city: `City ${news}` }),
        );
      }
    }
    await servers.ghl.start();
    for (const contact of contacts) await expectAppliedOnce(contact);
  });

  it('slow, delays only what is to be done there: the next event is decided before the plan of the last is applied', async () => {
    const contact = await team.contact();
    await team.vendor('POST', 'latency', { p50Ms: 6_000, p95Ms: 6_000 });
    await team.deliver(team.contactEvent('ContactCreate', contact));
    const next = await team.deliver(team.messageEvent(contact, 'Could I see it on Friday?'));
    await until(async () => (await team.verdictOf(next))?.verdict === 'worked', LIMIT_MS);
    const [stands] = await product.sql<{ version: number; applied: number }>(
      `select plan_version as version, plan_applied as applied from leads where contact_id = $1`,
      [contact.id],
    );
    expect(stands?.version).toBeGreaterThan(0);
    expect(stands?.applied).toBe(0);
    await team.vendor('POST', 'latency', { p50Ms: 0, p95Ms: 0 });
    // The newest plan, with the message in its score.
    await expectAppliedOnce(contact, 'fields cold 44');
  });
});

describe('a damaged model', () => {
  it('leaves the word to the rules, and the log and /readyz say so', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'leadwright-p3-damaged-'));
    try {
      const root = resolve(import.meta.dirname, '../..');
      for (const part of [
        'activities',
        'api',
        'cli',
        'domain',
        'integrations',
        'migrations',
        'platform',
        'sandbox',
        'workers',
        'workflows',
        'package.json',
        'tsconfig.json',
      ]) {
        await cp(join(root, part), join(copy, part), { recursive: true });
      }
      await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
      await writeFile(join(copy, 'integrations/onnx/models/scorecard-1.onnx'), 'not a model');
      const child = spawn(process.execPath, ['cli/leadwright.mjs', 'api', '--json'], {
        cwd: copy,
        env: productEnvironment({ home: product.home, port: 0, paused: false }),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(child, 'close');
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      try {
        const ready = /"api":\s*"(http[^"]+)"/;
        await until(() => ready.test(said) || child.exitCode !== null);
        expect(await readiness(`${ready.exec(said)?.[1]}/readyz`, 'model')).toMatchObject({
          status: 'ready',
          parts: { model: { state: 'degraded', required: false } },
        });
        expect(said).toContain('MODEL_DAMAGED');
      } finally {
        child.kill('SIGTERM');
        await ended;
      }
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});

function some(count: number): Promise<Contact[]> {
  return Promise.all(Array.from({ length: count }, () => team.contact()));
}

async function expectWelcomedOnce(contact: Contact): Promise<void> {
  await until(async () => (await team.effects(contact)).includes('SMS'), LIMIT_MS);
  await expectAppliedOnce(contact);
  expect(await team.texts(contact)).toHaveLength(1);
}

async function expectAppliedOnce(contact: Contact, fields = 'fields cold 52'): Promise<void> {
  await until(async () => (await team.effects(contact)).some((effect) => effect.startsWith('fields')), LIMIT_MS);
  await team.settled(LIMIT_MS);
  const effects = await team.effects(contact);
  expect(effects.filter((effect) => effect !== 'SMS').toSorted()).toEqual([fields, 'tag +Cold-Lead']);
  expect(effects.filter((effect) => effect === 'SMS').length).toBeLessThanOrEqual(1);
}

function words(step: number, sender = 'Sample Realty'): string {
  return `${sender}: text ${step}. Reply STOP to opt out.`;
}

function sequence(key: string, offsets: string[]): object {
  const steps = offsets.map((offset, index) => {
    return {
      key: `text-${index + 1}`,
      channel: 'sms',
      offset,
      anchor: 'enrolment',
      body: words(index + 1, '{{location.name}}'),
    };
  });
  return {
    key,
    title: key,
    purpose: 'solicitation',
    priority: 10,
    trigger: { on: 'operator' },
    exits: ['reply'],
    steps,
  };
}
