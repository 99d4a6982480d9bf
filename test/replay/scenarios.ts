import { randomUUID } from 'node:crypto';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import type { LeadEnv } from '../support/lead-env.ts';
import { HOUR, MINUTE, NEW_YORK, type playWith } from '../support/lead-play.ts';
import { type RescoreEnv, slowHistory } from '../support/rescore-env.ts';
import { whileAway } from '../support/away.ts';
import type { NightEnv } from '../support/night-env.ts';
import type { WarmEnv } from '../support/warm-env.ts';
import { LIFE_MS, type TokenEnv } from '../support/token-env.ts';
import { until } from '../support/until.ts';

type Play = ReturnType<typeof playWith>;
type Ref = Awaited<ReturnType<Play['newLead']>>;

/** The lives of leads whose histories are kept: each answers its lead when all is settled. */
export const scenarios: Readonly<Record<string, (env: LeadEnv, play: Play) => Promise<Ref>>> = {
  'welcome-to-its-end': async (env, play) => {
    const ref = await atTen(env, play);
    for (const ms of [31 * MINUTE, 24 * HOUR]) {
      await env.time.skip(ms);
      await play.settled(ref);
    }
    return ref;
  },

  reply: async (env, play) => {
    const ref = await atTen(env, play);
    await env.time.skip(31 * MINUTE);
    await play.settled(ref);
    await play.says(ref, 'We would like three bedrooms');
    await play.settled(ref);
    return ref;
  },

  'opt-out-in-a-quiet-night': async (env, play) => {
    await env.time.skipTo(NEW_YORK, '22:30');
    const ref = await play.newLead();
    await play.says(ref, 'STOP');
    await play.settled(ref);
    return ref;
  },

  'pause-and-resume': async (env, play) => {
    const ref = await atTen(env, play);
    await play.act(ref, 'pause');
    await play.settled(ref);
    await env.time.skip(2 * HOUR);
    await play.act(ref, 'resume');
    await play.settled(ref);
    return ref;
  },

  'unknown-outcome-and-poison': async (env, play) => {
    await play.fault({ dropAfterHandling: true });
    const ref = await atTen(env, play);
    await env.time.skip(2 * MINUTE);
    await play.settled(ref);
    const accepted = await env.deps.inbox.accept({
      ...{ source: 'marketplace', eventKey: randomUUID(), bodyHash: 'unreadable', type: 'ContactUpdate' },
      ...{ kind: 'contact.updated', locationId: ref.locationId, contactId: ref.contactId },
      ...{ occurredAt: env.time.now().toISOString(), body: Buffer.from('not JSON'), headers: {} },
    });
    const { inboxId } = accepted;
    await env.signal({ ...ref, inboxId, kind: 'contact.updated', type: 'ContactUpdate', receivedAt: '' });
    await play.settled(ref);
    return ref;
  },

  'contact-deleted': async (env, play) => {
    const ref = await atTen(env, play);
    await env.deliver('ContactDelete', { ...ref.body });
    await play.handle(ref).result();
    return ref;
  },

  /** Five hundred events are the life of one run; the next one goes on with what was carried over. */
  'continue-as-new': async (env, play) => {
    const ref = await atTen(env, play);
    for (let note = 0; note < 500; note += 1)
      await env.deliver('NoteCreate', { contactId: ref.contactId, id: `note${note}` });
    await play.settled(ref);
    await env.time.skip(31 * MINUTE);
    await play.settled(ref);
    return ref;
  },
};

/** The same of refreshers: each answers whose tokens it kept. */
export const tokenScenarios: Readonly<Record<string, (env: TokenEnv) => Promise<TokenHolder>>> = {
  /** Renewed in time and for a refused call, parked, taken back, suspended, taken back by itself, uninstalled. */
  'tokens-to-their-end': async (env) => {
    const { world, time, refresher } = env;
    const holder = await env.installed();
    const reaches = (version: number) => until(async () => (await env.version(holder)) === version);
    const isParked = (reason: string | null) => until(async () => (await env.parkedReason(holder.id)) === reason);
    await refresher.tell(holder, null);
    await idle(env, holder);
    await time.skip(0.81 * LIFE_MS);
    await reaches(2);
    await refresher.tell(holder, 2);
    await reaches(3);
    await world.vendor('oauth', { locationId: holder.id, do: 'revoke' });
    await refresher.tell(holder, 3);
    await isParked('token-refused');
    await time.skip(LIFE_MS);
    await env.installAgain(holder.id);
    await refresher.tell(holder, null);
    await idle(env, holder);
    await world.vendor('oauth', { locationId: holder.id, do: 'suspend' });
    await refresher.tell(holder, 4);
    await isParked('location-inactive');
    await idle(env, holder);
    await world.vendor('oauth', { locationId: holder.id, do: 'activate' });
    await time.skip(1.1 * HOUR);
    await isParked(null);
    await idle(env, holder);
    await gone(env, holder);
    return holder;
  },

  /** What follows the install does not work out for half an hour, and does an hour later. */
  'tokens-followed-again': async (env) => {
    const { world, time, refresher } = env;
    const holder = await env.installed();
    const named = `new.location_id = '${holder.id}' and new.name <> new.location_id`;
    const ended = async () => {
      const { events } = await env.handleOf(holder).fetchHistory();
      return (events ?? []).some((event) => event.activityTaskFailedEventAttributes);
    };
    await whileAway(
      world.database.pool,
      'locations',
      async () => {
        await refresher.tell(holder, null);
        await time.skip(HOUR / 2);
        await until(ended);
      },
      named,
    );
    await idle(env, holder);
    await time.skip(1.1 * HOUR);
    await until(async () => (await world.locations.get(holder.id))?.name !== holder.id);
    await idle(env, holder);
    await gone(env, holder);
    return holder;
  },

  /** A hundred renewals are the life of one run; the next one goes on with what was carried over. */
  'tokens-continue-as-new': async (env) => {
    const holder = await env.installed();
    for (let newest = 1; newest <= 101; newest += 1) {
      await env.refresher.tell(holder, newest);
      await until(async () => (await env.version(holder)) === newest + 1);
    }
    await idle(env, holder);
    await gone(env, holder);
    return holder;
  },
};

/** The same of passes over scores: each answers whose scores. */
export const rescoreScenarios: Readonly<Record<string, (env: RescoreEnv) => Promise<string>>> = {
  /** By night, when asked, past a lead that cannot be read, with leads to tell and no room for them; then uninstalled. */
  'scores-to-their-end': async (env) => {
    const locationId = await env.location({ leads: 120, active: 110 });
    const told = (many: number) =>
      until(async () => {
        await env.time.skip(10_000);
        return (await env.progress(locationId)).pass?.told === many;
      });
    await env.rescoring.start(locationId);
    await env.progress(locationId);
    await env.time.skip(24 * HOUR);
    const night = await env.passed(locationId);
    await env.db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
       values ($1, 'lead-120', 'theirs', 'inbound', 'sms', 'Is it still for sale?', now())`,
      [locationId],
    );
    const mend = await slowHistory(env.db, 'lead-120');
    await env.rescoring.tell(locationId);
    await told(90);
    await env.time.skip(MINUTE);
    await env.db.pool.query(
      `update inbox set worked_at = now(), verdict = 'worked' where location_id = $1 and worked_at is null`,
      [locationId],
    );
    await env.time.skip(MINUTE);
    await env.passed(locationId, night.asOf);
    await mend();
    await env.db.pool.query(`update locations set status = 'uninstalled' where location_id = $1`, [locationId]);
    await env.rescoring.tell(locationId);
    await env.time.skip(MINUTE);
    await until(async () => (await env.handleOf(locationId).describe()).status.name === 'COMPLETED');
    return locationId;
  },

  /** Nobody works what the location's leads are told: the pass leaves the rest to the next one. */
  'scores-left': async (env) => {
    const locationId = await env.location({ leads: 203, active: 203 });
    await env.rescoring.tell(locationId);
    await until(async () => {
      await env.time.skip(MINUTE);
      return (await env.progress(locationId)).last !== null;
    });
    return locationId;
  },

  /** Two hundred steps are the life of one run; the next one goes on with what was carried over. */
  'scores-continue-as-new': async (env) => {
    const locationId = await env.location({ leads: 3 });
    let before = '';
    for (let passes = 1; passes <= 201; passes += 1) {
      await env.rescoring.tell(locationId);
      before = (await env.passed(locationId, before)).asOf;
    }
    return locationId;
  },
};

/** Its timer runs, or it waits for news: nothing of it is at a worker. */
async function idle(env: TokenEnv, holder: TokenHolder): Promise<void> {
  await until(async () => {
    const { raw } = await env.handleOf(holder).describe();
    return (raw.pendingActivities ?? []).length === 0 && raw.pendingWorkflowTask == null;
  });
}

/** Looked at again and again: waiting for its result would let the time skip. */
async function gone({ world, time, refresher, running }: TokenEnv, holder: TokenHolder): Promise<void> {
  await world.locations.setStatus(holder.id, 'uninstalled');
  await world.credentials.destroy(holder, time.now().toISOString());
  await refresher.tell(holder, null);
  await until(async () => !(await running(holder)));
}

async function atTen(env: LeadEnv, play: Play): Promise<Ref> {
  await env.time.skipTo(NEW_YORK, '10:00');
  return play.newLead();
}

/** The same of looks of keep-warm: each answers whose. */
export const warmScenarios: Readonly<Record<string, (env: WarmEnv) => Promise<string>>> = {
  /** Waits until the pings of two models are due, one after the other, and sends them. */
  'kept-warm': async (env) => {
    const locationId = await env.world.location();
    await env.read(locationId, 'claude-haiku-5-5');
    await env.time.skip(20_000);
    await env.read(locationId);
    await env.start(locationId);
    await env.time.skip(HOUR);
    await env.over(locationId);
    return locationId;
  },

  /** Nothing was ever called: the schedule ends. */
  'nothing-to-keep-warm': async (env) => {
    const locationId = await env.world.location();
    await env.start(locationId);
    await env.over(locationId);
    return locationId;
  },
};

/** Nights of locations: each answers its location when the night is over. */
export const nightScenarios: Readonly<Record<string, (env: NightEnv) => Promise<string>>> = {
  /** The vendor takes nothing at first, and a batch later. */
  'night-asked-again': async (env) => {
    const locationId = await nightOf(env);
    await env.nights.fault({ status: 529 });
    await env.start(locationId);
    await env.over(locationId);
    return locationId;
  },

  /** Whether there is a batch is not answered; it is looked for, and its summaries are kept. */
  'night-looked-for': async (env) => {
    const locationId = await nightOf(env);
    await env.nights.fault({ dropAfterHandling: true });
    await env.start(locationId);
    await env.over(locationId);
    return locationId;
  },

  /** There was no batch, and what was asked for is given up. */
  'night-given-up': async (env) => {
    const locationId = await nightOf(env);
    await env.nights.fault({ reset: true });
    await env.start(locationId);
    await env.over(locationId);
    return locationId;
  },

  'night-of-quiet': async (env) => {
    const locationId = await env.world.location();
    await env.start(locationId);
    await env.over(locationId);
    return locationId;
  },
};

async function nightOf({ world, nights }: NightEnv): Promise<string> {
  const locationId = await world.location();
  await nights.says();
  await nights.takes(HOUR);
  await nights.talks(locationId);
  return locationId;
}
