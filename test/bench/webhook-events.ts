import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import type { Shot } from './webhook-load.ts';
import { contactOf, type Person } from './webhook-people.ts';

/** What a shot is about; the same order as the shots. */
export interface Aim {
  readonly kind: 'message' | 'update' | 'new';
  readonly contactId: string;
  /** False in the warm-up. */
  readonly measured: boolean;
}

/** Every tenth event is a contact never seen before; the others go round the running leads. */
const NEW_EVERY = 10;

/** Three questions and words of detail in each, so that only the answers differ: one lead turns warm, the other cold. */
const texts = [
  'We need to move as soon as possible. Is it still there? What is the price? Could the budget for 3 beds be $450k?',
  'We are just looking and in no hurry. Is it still there? What is the price? Could the budget for 3 beds be $450k?',
] as const;
const sources = ['referral', 'paid ad'] as const;

/** Running leads in turn, each with a message and a change of source by turns; every event changes tier or score. */
export function createStory(running: readonly Person[], fresh: Iterator<Person>) {
  let turn = 0;
  let count = 0;
  return {
    next(): { readonly kind: Aim['kind']; readonly person: Person; readonly step: number } {
      count += 1;
      if (count % NEW_EVERY === 0) {
        const { value, done } = fresh.next();
        if (done === true) throw new Error('more new contacts are needed than were seeded');
        return { kind: 'new', person: value, step: 0 };
      }
      const person = running[turn % running.length]!;
      // Step 0 and 1 of a lead: a message, then an update; 2 and 3: the same the other way about, and so on.
      const step = Math.floor(turn / running.length) + (turn % 2);
      turn += 1;
      return { kind: step % 2 === 0 ? 'message' : 'update', person, step: Math.floor(step / 2) };
    },
  };
}

export interface PlanOptions {
  readonly story: ReturnType<typeof createStory>;
  readonly appId: string;
  readonly signingKey: string;
  readonly rate: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Wall clock, ms; the events bear times that follow from it. */
  readonly startAt: number;
}

/** A schedule with evenly spaced shots, all bodies made and signed. */
export function plan(options: PlanOptions): { readonly shots: Shot[]; readonly aims: Aim[] } {
  const key = createPrivateKey(options.signingKey);
  const spacing = 1000 / options.rate;
  const warm = Math.round(options.warmUpSeconds * options.rate);
  const total = warm + Math.round(options.seconds * options.rate);
  const shots: Shot[] = [];
  const aims: Aim[] = [];
  for (let index = 0; index < total; index += 1) {
    // An edit in the CRM goes ahead of the first shot.
    const due = 500 + index * spacing;
    const { kind, person, step } = options.story.next();
    const envelope = {
      appId: options.appId,
      versionId: options.appId,
      timestamp: new Date(options.startAt + due).toISOString(),
      webhookId: randomUUID(),
    };
    const { content, edit } = eventOf(kind, person, step, envelope.timestamp);
    const body = JSON.stringify({ ...content, ...envelope });
    const signature = sign(null, Buffer.from(body), key).toString('base64');
    shots.push({ due, body, signature, ...(edit === undefined ? {} : { edit }) });
    aims.push({ kind, contactId: person.id, measured: index >= warm });
  }
  return { shots, aims };
}

function eventOf(
  kind: Aim['kind'],
  person: Person,
  step: number,
  at: string,
): { content: Record<string, unknown>; edit?: Shot['edit'] } {
  const { id, location, number } = person;
  switch (kind) {
    case 'new':
      return { content: { type: 'ContactCreate', ...contactOf(person) } };
    case 'message':
      return {
        content: {
          type: 'InboundMessage',
          locationId: location.id,
          contactId: id,
          body: texts[step % 2],
          direction: 'inbound',
          messageType: 'SMS',
          messageTypeId: 2,
          messageTypeString: 'TYPE_SMS',
          contentType: 'text/plain',
          conversationId: `talk${id}`,
          messageId: randomUUID(),
          status: 'delivered',
          dateAdded: at,
          from: `+1212555${String(number % 10_000).padStart(4, '0')}`,
          to: '+12125550100',
        },
      };
    case 'update': {
      const source = sources[step % 2]!;
      return {
        content: { type: 'ContactUpdate', locationId: location.id, id, source },
        edit: { path: `/contacts/${id}`, token: location.token, body: JSON.stringify({ source }) },
      };
    }
  }
}
