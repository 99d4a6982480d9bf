import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { installBrokerage, MESSAGES, READY, type Brokerage, type Contact } from '../support/brokerage.ts';
import { startProduct, type Product } from '../support/product.ts';
import { createRandom, type Random } from '../support/random.ts';
import { until } from '../support/until.ts';

/**
 * A storm: contacts come in, are tagged, write and opt out, events come twice and in any order, the vendor fails at random, the process
 * is killed again and again. Afterwards the vendor's books must show what a calm day would have left.
 * `CHAOS_SEED` makes other choices; the moments in which things meet are the machine's.
 */

/** Choices by which many leads opt out and others are left alone, however far the storm comes in its time. */
const KNOWN_STORM = 3;
const seed = Number(process.env.CHAOS_SEED ?? KNOWN_STORM);
const STORM_MS = 45_000;
const KILLS = 3;
/** After failures in a row a call is made again after up to five minutes. */
const QUIET_MS = 600_000;

/** What a contact was put through, as far as it decides how it must end. */
interface Story {
  readonly contact: Contact;
  readonly handTags: Set<string>;
  readonly delivered: string[];
  created: boolean;
  /** When the first delivery of the STOP was acknowledged; undefined: none was sent. */
  stop: Date | 'under way' | undefined;
}

let product: Product;
let team: Brokerage;

beforeAll(async () => {
  process.stderr.write(`storm: CHAOS_SEED=${seed}\n`);
  product = await startProduct('storm');
  team = await installBrokerage(product);
});

afterAll(() => product?.stop());

it('leaves the CRM as a calm day would have left it: nothing lost, nothing twice, no text after an opt-out', async () => {
  const random = createRandom(seed);
  const stories = await Promise.all(
    Array.from({ length: 20 }, async (): Promise<Story> => {
      return { contact: await team.contact(), handTags: new Set(), delivered: [], created: false, stop: undefined };
    }),
  );
  const deliveries = await storm(random, stories);
  await team.noFaults();
  await Promise.all(deliveries);
  await team.settled(QUIET_MS);
  await until(async () => (await underWay()).length === 0, QUIET_MS);

  await expectNothingLost(stories);
  const stops = stories.filter(({ stop }) => stop !== undefined).length;
  const texts = (await Promise.all(stories.map(({ contact }) => team.texts(contact)))).flat().length;
  process.stderr.write(`storm: ${stops} leads opted out, ${texts} texts were sent\n`);
  // A storm in which hardly anything happened would prove nothing.
  expect(stops).toBeGreaterThan(1);
  expect(texts).toBeGreaterThan(0);
  const contacts = await inTheCrm();
  for (const story of stories) {
    await expectNothingTwice(story);
    await expectSilenceAfterStop(story);
    await expectCalmEnd(story, contacts.get(story.contact.id)!);
  }
}, 1_500_000);

/** Answers the deliveries still under way: GHL repeats each until it is acknowledged. */
async function storm(random: Random, stories: readonly Story[]): Promise<Promise<void>[]> {
  const deliveries: Promise<void>[] = [];
  const end = Date.now() + STORM_MS;
  let nextKill = Date.now() + STORM_MS / (KILLS + 1);
  while (Date.now() < end) {
    if (Date.now() > nextKill) {
      await product.kill();
      await product.start();
      nextKill = Date.now() + STORM_MS / (KILLS + 1);
    }
    if (random.chance(0.15)) await fault(random);
    deliveries.push(happen(random, random.pick(stories)));
    // Events come in no rhythm; nothing is waited for here.
    await pause(random.below(250));
  }
  for (const story of stories) if (!story.created) deliveries.push(create(random, story));
  return deliveries;
}

function happen(random: Random, story: Story): Promise<void> {
  if (!story.created) return create(random, story);
  const what = random.below(10);
  if (what < 4)
    return write(random, story, random.pick(['Is it near a park?', 'How old is the roof?', 'We pay cash.']));
  if (what < 6) return tag(story, `by-hand-${random.below(5)}`);
  if (what < 7) return tag(story, 'AI-Off');
  if (what < 8 && story.stop === undefined) return optOut(random, story);
  // Without its tags: by the time it comes they may be others.
  return deliver(random, story, team.contactEvent('ContactUpdate', story.contact, { tags: undefined }));
}

function create(random: Random, story: Story): Promise<void> {
  story.created = true;
  return deliver(random, story, team.contactEvent('ContactCreate', story.contact));
}

function write(random: Random, story: Story, words: string): Promise<void> {
  return deliver(random, story, team.messageEvent(story.contact, words));
}

async function optOut(random: Random, story: Story): Promise<void> {
  const event = team.messageEvent(story.contact, 'STOP');
  story.stop = 'under way';
  await deliver(random, story, event, () => {
    if (story.stop === 'under way') story.stop = new Date();
  });
}

/** A colleague puts a tag on in the CRM, which tells of it by itself; a call that a fault swallowed is made again. */
async function tag(story: Story, name: string): Promise<void> {
  await until(async () => {
    try {
      await team.byHand('POST', `/contacts/${story.contact.id}/tags`, { tags: [name] });
      return true;
    } catch {
      return false;
    }
  }, QUIET_MS);
  story.handTags.add(name);
}

/** One to three times at once. */
async function deliver(
  random: Random,
  story: Story,
  event: Record<string, unknown>,
  onAcknowledged: () => void = () => undefined,
): Promise<void> {
  const times = random.chance(0.7) ? 1 : 2 + random.below(2);
  const one = async (): Promise<string> => {
    const id = await team.deliver(event, QUIET_MS);
    onAcknowledged();
    return id;
  };
  const ids = await Promise.all(Array.from({ length: times }, one));
  expect(new Set(ids).size).toBe(1);
  story.delivered.push(ids[0]!);
}

async function fault(random: Random): Promise<void> {
  const how = random.pick<object>([
    { status: 500 },
    { status: 429, headers: { 'retry-after': '1' } },
    { dropAfterHandling: true },
    { delayMs: 300 },
  ]);
  const [method, path] = random.pick<readonly [string, string]>([
    ['POST', MESSAGES],
    ['POST', MESSAGES],
    // A gate that cannot read closes for minutes: often, and nothing at all would be sent.
    ['GET', random.chance(0.2) ? '/contacts/*' : '/locations/*'],
    ['PUT', '/contacts/*'],
    ['POST', '/contacts/{id}/tags'],
  ]);
  await team.fault(method, path, { ...how, times: 1 + random.below(3) });
}

/** Sends that are still to be made or that nobody has begun to settle; those of unknown outcome wait for their planned look. */
async function underWay(): Promise<unknown[]> {
  return product.sql(
    `select contact_id, state from outbox
      where location_id = $1 and (state = 'claimed' or state = 'sending' or (state = 'unknown' and check_at is null))`,
    [team.locationId],
  );
}

async function expectNothingLost(stories: readonly Story[]): Promise<void> {
  const verdicts = new Map((await team.inbox()).map(({ inboxId, verdict }) => [inboxId, verdict]));
  const acknowledged = stories.flatMap(({ delivered }) => delivered);
  expect(acknowledged.filter((id) => !['worked', 'ignored'].includes(verdicts.get(id) ?? 'lost'))).toEqual([]);
  expect([...verdicts.values()].filter((verdict) => verdict === 'parked')).toEqual([]);
}

/** Texts are never repeated; a tag or a field is written again only after something else was written there. */
async function expectNothingTwice({ contact }: Story): Promise<void> {
  const texts = await team.texts(contact);
  expect(texts).toEqual([...new Set(texts)]);
  const ours = (await team.effects(contact)).filter((effect) => !/by-hand|AI-Off/.test(effect));
  const tags = ours.filter((effect) => effect.startsWith('tag'));
  const fields = ours.filter((effect) => effect.startsWith('fields'));
  for (const effects of [tags, fields]) {
    expect(effects.filter((effect, index) => effect === effects[index - 1])).toEqual([]);
  }
}

async function expectSilenceAfterStop({ contact, stop }: Story): Promise<void> {
  if (stop === undefined) return;
  expect(stop).toBeInstanceOf(Date);
  expect(await team.lead(contact)).toMatchObject({ stage: 'opted-out' });
  // A text whose gate had opened before the opt-out was stored may still have been on its way; what is acknowledged is stored.
  const late = await product.sql(
    `select send_id, sending_at from outbox
      where location_id = $1 and contact_id = $2 and channel <> 'call-task' and sending_at > $3`,
    [team.locationId, contact.id, stop],
  );
  expect(late).toEqual([]);
}

/** The tags that people gave are all there, and of ours the one that a calm, sequential day would have given. */
async function expectCalmEnd(story: Story, crm: CrmContact): Promise<void> {
  const lead = await team.lead(story.contact);
  const theirs = [...READY, ...story.handTags].map((tag) => tag.toLowerCase()).toSorted();
  const tierTags = crm.tags.filter((tag) => /^(hot|warm|cold)-lead$/i.test(tag));
  const others = crm.tags.filter((tag) => !tierTags.includes(tag)).map((tag) => tag.toLowerCase());
  expect(others.toSorted()).toEqual(theirs);
  expect(tierTags.length).toBeLessThanOrEqual(1);
  // Under a stop tag we keep still: then what was there when it came stays.
  if (story.handTags.has('AI-Off')) return;
  expect(tierTags.map((tag) => tag.toLowerCase())).toEqual([`${lead.tier}-lead`]);
  const values = crm.customFields.map(({ value }) => String(value)).toSorted();
  expect(values).toEqual([String(Math.round(lead.score!.value)), lead.tier!].toSorted());
}

interface CrmContact {
  readonly id: string;
  readonly tags: readonly string[];
  readonly customFields: readonly { readonly value: unknown }[];
}

async function inTheCrm(): Promise<Map<string, CrmContact>> {
  const { contacts } = await team.vendor<{ contacts: CrmContact[] }>('GET', 'state');
  return new Map(contacts.map((contact) => [contact.id, contact]));
}
