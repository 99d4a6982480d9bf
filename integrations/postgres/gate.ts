import { finalWords, wordsFacts } from '../../domain/consent/disclosure.ts';
import type { GateFacts, GateVerdict, Known } from '../../domain/consent/facts.ts';
import type { SendingTally } from '../../domain/consent/sending-health.ts';
import type { ConsentStanding } from '../../domain/consent/standing.ts';
import { isMessage, type LeadRef } from '../../domain/glossary.ts';
import { defaultSettings, settingsOf } from '../../domain/leads/settings.ts';
import type { GatePassage, GatePassed } from '../../domain/ports/outbox.ts';
import { consentStanding } from './consent-standing.ts';
import { type FactRow, readFacts } from './gate-facts.ts';
import { leadLock, personLocks, shareLocation, takeLocks } from './locks.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { alertsStand } from './market-alerts-sent.ts';
import { keepPause, sendingTally, type TallyOf } from './sending-tally.ts';
import { contactKey } from './suppressions.ts';
import { instant, isUuid, toJsonb } from './values.ts';

interface Passage extends GatePassage {
  readonly sendId: string;
  readonly ref: LeadRef;
}

/**
 * The gate's transaction: locks location, lead and person, then reads what our own store knows, completes the words, asks `judge`, stores
 * inputs and verdict, and moves the send to `sending` if the gate is open. The reading statements start after all locks are held, so they
 * see every opt-out, pause and send that was committed before. Undefined: the row is not `claimed`; somebody else has it.
 */
export async function pass(place: Place, passage: Passage): Promise<GatePassed | undefined> {
  if (!isUuid(passage.sendId)) return undefined;
  return transaction(place, async (client) => {
    const { locationId } = passage.ref;
    const keys = [
      leadLock(passage.ref),
      ...personLocks(locationId, [...passage.personHashes, contactKey(passage.ref.contactId)]),
    ];
    const [, , row, consent] = await Promise.all([
      shareLocation(client, locationId),
      takeLocks(client, keys),
      readFacts(client, passage),
      readConsent(client, passage),
    ]);
    if (row === undefined || row.state !== 'claimed') return undefined;
    const [sending, stand] = await Promise.all([readTally(client, row, passage), alertsStand(client, passage)]);
    const content = finalWords(row.channel, passage.content, row.sender ?? '', {
      first: row.first_text,
      registry: consent.known ? consent.value.registry : null,
    });
    const facts = gateFacts(row, { ...passage, content, consent, sending, alertsStand: stand });
    const verdict = passage.judge(facts);
    await store(client, { ...passage, content }, facts, verdict);
    return { verdict, content };
  });
}

async function readConsent(client: Client, passage: Passage): Promise<Known<ConsentStanding>> {
  const { vendor, ref, now, sendId } = passage;
  if (!vendor.consent.known) return vendor.consent;
  return {
    known: true,
    value: await consentStanding(client, { ref, fresh: vendor.consent.value, now, seenBy: `send:${sendId}` }),
  };
}

async function readTally(client: Client, row: FactRow, { ref, now }: Passage): Promise<Known<SendingTally>> {
  const of = tallyOf(row, ref, now);
  return of === undefined ? unknown('not asked') : { known: true, value: await sendingTally(client, of) };
}

function tallyOf({ channel, settings }: FactRow, { locationId }: LeadRef, now: string): TallyOf | undefined {
  if (!isMessage(channel) || settings === null) return undefined;
  return { locationId, channel, now, ramp: settingsOf(settings).newNumberSince !== null };
}

interface Gathered extends Passage {
  readonly consent: Known<ConsentStanding>;
  readonly sending: Known<SendingTally>;
  /** Is the news of homes that the words tell still what it was when they were made? */
  readonly alertsStand: boolean;
}

function gateFacts(row: FactRow, gathered: Gathered): GateFacts {
  const { vendor, personHashes, now, consent, sending, content } = gathered;
  // A task reaches nobody by phone or e-mail; a message without an address to check must not go out.
  const settings = row.settings === null ? null : settingsOf(row.settings);
  const nobody = isMessage(row.channel) && personHashes.length === 0;
  const aboutPerson = <T>(value: T): Known<T> =>
    nobody ? { known: false, why: 'no address to look up' } : { known: true, value };
  const { sendingHealth, newNumberSince, answersAtNight } = settings ?? defaultSettings;
  return {
    now: instant(now),
    channel: row.channel,
    purpose: row.purpose === 'task' ? 'solicitation' : row.purpose,
    ...(row.of_step ? { step: true as const } : {}),
    ...(row.calls ? { calls: true as const } : {}),
    contact: vendor.contact,
    consent,
    suppressed: aboutPerson(row.suppressed),
    sentIn24h: aboutPerson({ count: row.count, oldestAt: row.oldest_at }),
    wroteAt: { known: true, value: row.wrote_at },
    ...(row.elsewhere === null ? {} : { elsewhere: row.elsewhere }),
    state: row.lead_state === null ? unknown('the lead is not stored') : { known: true, value: row.lead_state },
    location:
      row.location_status === null
        ? unknown('the location is not stored')
        : { known: true, value: row.location_status },
    sending,
    unworkedInbound: { known: true, value: row.unworked },
    wanted: { known: true, value: wantedOf(row, gathered) },
    activated: vendor.activated,
    ...(vendor.readableAt === undefined ? {} : { readableAt: vendor.readableAt }),
    words: isMessage(row.channel)
      ? wordsFacts(
          row.channel,
          content,
          row.sender ?? '',
          row.first_text,
          row.channel === 'email' && row.purpose === 'solicitation'
            ? { postalAddress: settings?.postalAddress ?? null }
            : undefined,
        )
      : null,
    // An unknown location has no hour and no message left.
    quietHours: settings?.quietHours ?? { from: '00:00', to: '00:00' },
    answersAtNight,
    capPer24h: settings?.capPer24h ?? 0,
    health: { ...sendingHealth, newNumberSince },
    ...(row.lately_unread[0] === true ? { unreadBefore: row.lately_unread[1] === true ? 2 : 1 } : {}),
  };
}

type Wanted = Extract<GateFacts['wanted'], { readonly known: true }>['value'];

function wantedOf(row: FactRow, { eventAt, alertsStand: stand }: Pick<Gathered, 'eventAt' | 'alertsStand'>): Wanted {
  if (!row.wanted) return false;
  if (row.exit_elsewhere !== null) return row.exit_elsewhere;
  if (row.told) return 'told';
  if (row.enrolment_paused) return 'paused';
  return stand && (eventAt === undefined || millis(row.event_at) === millis(eventAt)) ? true : 'moved';
}

function millis(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}

function unknown(why: string): Known<never> {
  return { known: false, why };
}

async function store(client: Client, passage: Passage, facts: GateFacts, verdict: GateVerdict): Promise<void> {
  const { ref, sendId, personHashes, content, now } = passage;
  const { channel, sending } = facts;
  const paused =
    verdict.pause !== undefined && sending.known && isMessage(channel)
      ? keepPause(client, { locationId: ref.locationId, channel, now, ramp: false }, verdict.pause, sending.value)
      : undefined;
  const stored = client.query({
    name: 'gate-store',
    text: `with opened as (
        update outbox set state = 'sending', sending_at = $4, person_hashes = $9, content = $10, segments = $11, reason = null
        where $5 and location_id = $1 and contact_id = $2 and send_id = $3
      )
      insert into gate_verdicts (location_id, contact_id, send_id, at, open, closed_by, facts, verdict)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      ref.locationId,
      ref.contactId,
      sendId,
      facts.now,
      verdict.open,
      verdict.closedBy ?? null,
      toJsonb(facts),
      toJsonb(verdict),
      personHashes,
      toJsonb(content),
      facts.words?.segments ?? null,
    ],
  });
  await Promise.all([paused, stored]);
}
