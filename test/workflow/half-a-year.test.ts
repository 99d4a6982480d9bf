import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleWorkflowCode } from '@temporalio/worker';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledSequences } from '../../platform/bundled-sequences.ts';
import { createLeadEnv, type LeadEnv } from '../support/lead-env.ts';
import { livesOf } from '../support/lead-lives.ts';
import { freshPhone, HOUR, MINUTE, NEW_YORK, playWith } from '../support/lead-play.ts';

const DAY = 24 * HOUR;
const sellerPlan = bundledSequences().find(({ key }) => key === 'seller-plan')!;
const messages = sellerPlan.steps
  .filter(({ channel }) => channel === 'sms' || channel === 'email')
  .map(({ key }) => key);

let env: LeadEnv;
let play: ReturnType<typeof playWith>;
let folder: string;

beforeAll(async () => {
  env = await createLeadEnv({}, false);
  play = playWith(env);
  folder = await mkdtemp(join(tmpdir(), 'leadwright-later-release-'));
});

afterEach(async () => {
  env.skewClock(0);
  await play.endAll();
});

afterAll(async () => {
  await env.close();
  await rm(folder, { recursive: true, force: true });
});

/** Workflow code of a later release, as a file for the workers. */
async function laterRelease(): Promise<string> {
  const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
  const workflowsPath = fileURLToPath(new URL('../support/next-workflows.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: quiet });
  const codePath = join(folder, 'workflows.js');
  await writeFile(codePath, code);
  return codePath;
}

async function sellerAtTen(person = {}) {
  const lives = livesOf(env, play);
  await env.time.skipTo(NEW_YORK, '10:00');
  const ref = await play.newLead(person);
  await lives.settle(ref);
  await lives.enrol(ref, 'seller-plan');
  return { lives, ref, from: env.time.now().getTime() };
}

const stepsOf = (sent: Awaited<ReturnType<ReturnType<typeof livesOf>['sent']>>, { contactId }: { contactId: string }) =>
  sent.filter((one) => one.contactId === contactId && one.sequence === 'seller-plan').map(({ step }) => step);

async function markers(ref: Parameters<typeof play.handle>[0]): Promise<number> {
  const { events = [] } = await play.handle(ref).fetchHistory();
  return (events ?? []).filter(({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_patch')
    .length;
}

describe('a seller plan of half a year', () => {
  it('survives three restarts of its workers and a release of other workflow code, each message once', async () => {
    const { lives, ref, from } = await sellerAtTen();
    await lives.liveTo(from + 21 * DAY);
    await env.restartWorkers();
    await lives.liveTo(from + 60 * DAY);
    await env.restartWorkers(await laterRelease());
    // Whoever comes now begins with the later release; the lead of before goes on with its own.
    const late = await play.newLead();
    expect(await markers(late)).toBe(1);
    await lives.liveTo(from + 120 * DAY);
    expect(await markers(ref)).toBe(0);
    await env.restartWorkers();
    await lives.liveTo(from + 200 * DAY, async () => (await lives.ended(ref, 'seller-plan')) !== null);
    expect(await lives.ended(ref, 'seller-plan')).toBe('completed');
    const sent = await lives.sent();
    expect(stepsOf(sent, ref)).toEqual(messages);
    const days = sent.filter(({ contactId, sequence }) => contactId === ref.contactId && sequence === 'seller-plan');
    expect(days.map(({ at }) => Math.round((at.getTime() - from) / DAY))).toEqual(
      messages.map((key) => Number(key.replace('day-', ''))),
    );
  });

  it('of two contacts with one phone tells the person each thing once, and ends for both with one STOP', async () => {
    const phone = freshPhone();
    const { lives, ref: first, from } = await sellerAtTen({ phone });
    const second = await play.newLead({ phone });
    await lives.settle(second);
    await lives.enrol(second, 'seller-plan');
    await lives.liveTo(from + 9 * DAY);
    const before = await lives.sent();
    expect(stepsOf(before, first)).toEqual(['day-2', 'day-5', 'day-8']);
    expect(stepsOf(before, second)).toEqual([]);
    await play.says(first, 'STOP');
    await lives.settle(first);
    await lives.liveTo(from + 40 * DAY);
    expect(await lives.sent()).toEqual(before);
    expect(await lives.ended(first, 'seller-plan')).toBe('opt-out');
  });
});

describe('workers whose clocks are wrong', () => {
  it.each([
    ['half a minute behind', -MINUTE / 2],
    ['half a minute ahead', MINUTE / 2],
  ])('send each message once: %s', async (_, skew) => {
    const { lives, ref, from } = await sellerAtTen();
    env.skewClock(skew);
    // A clock behind looks again each second until its own time has come: two minutes are enough for both.
    for (const days of [2, 5]) {
      await env.time.skip(from + days * DAY + 2 * MINUTE - env.time.now().getTime());
      await lives.settle(ref);
    }
    const sent = (await lives.sent()).filter(({ contactId, at }) => contactId === ref.contactId && at.getTime() > from);
    expect(sent.map(({ sequence, step }) => `${sequence} ${step}`)).toEqual([
      ...['seller-plan day-2', 'seller-plan day-5'],
    ]);
    // Each when the step is due by Temporal's clock, within what the other one is wrong by.
    const off = sent.map(({ at }, index) => Math.abs(at.getTime() - (from + [2, 5][index]! * DAY)));
    expect(off.filter((ms) => ms > MINUTE)).toEqual([]);
  });
});
