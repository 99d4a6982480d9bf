import { randomUUID } from 'node:crypto';
import type { LeadEnv } from '../support/lead-env.ts';
import { HOUR, MINUTE, NEW_YORK, type playWith } from '../support/lead-play.ts';

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

async function atTen(env: LeadEnv, play: Play): Promise<Ref> {
  await env.time.skipTo(NEW_YORK, '10:00');
  return play.newLead();
}
