import type { Person } from './people.ts';
import { createDice } from './random.ts';
import type { ProductRules } from './rules.ts';
import type { Shape } from './shape.ts';
import { type Row, type SeedTable, iso } from './table.ts';

/** The id of a lead's one enrolment. */
export function enrolmentId(seed: number, lead: number): string {
  return createDice(seed).at('enrolment', lead).uuid();
}

/**
 * What is left of the welcome: enrolments, what they sent, and what the timeline says of it. All is settled: a pass has ended, a send
 * is sent.
 */
export function followUpTables(
  shape: Shape,
  rules: ProductRules,
  person: (lead: number) => Person,
): readonly SeedTable[] {
  const { sequence } = rules;
  const steps = sequence.steps.map((step) => ({ step, words: rules.stepWords(sequence, step) }));
  const document = JSON.stringify(sequence);

  function* passes(): Iterable<Pass> {
    for (let lead = 0; lead < shape.leads; lead += 1) {
      const one = person(lead);
      if (one.welcome === null) continue;
      const { enrolledAt, done } = one.welcome;
      const room = Math.max(0, shape.asOf - enrolledAt);
      const touches = steps.slice(0, done).map(({ step, words }, i) => ({
        step,
        words,
        at: Math.min(shape.asOf, enrolledAt + Math.min(room, i * 30 * 60_000) + i * 1_000),
      }));
      yield { one, enrolledAt: Math.min(enrolledAt, shape.asOf), touches };
    }
  }

  return [
    {
      name: 'enrolments',
      columns: ENROLMENTS,
      *rows() {
        for (const { one, enrolledAt, touches } of passes()) {
          const done = Object.fromEntries(
            touches.map(({ step, at }) => [step.key, { outcome: 'sent', at: iso(at) }] as const),
          );
          const endedAt = iso(Math.max(enrolledAt, ...touches.map(({ at }) => at)));
          const ended = one.welcome?.nextAt == null ? 'completed' : 'seeded';
          yield [
            ...refOf(one),
            enrolmentId(shape.seed, one.lead),
            sequence.key,
            sequence.version,
            document,
            'ended',
            ended,
            iso(enrolledAt),
            endedAt,
            JSON.stringify(done),
          ];
        }
      },
    },
    {
      name: 'outbox',
      columns: OUTBOX,
      *rows() {
        const dice = createDice(shape.seed);
        for (const { one, touches } of passes()) {
          const id = enrolmentId(shape.seed, one.lead);
          for (const [i, { step, at }] of touches.entries()) {
            dice.at('send', one.lead, i);
            if (step.channel === 'tag' || step.channel === 'field' || step.channel === 'stage') continue;
            const draft = rules.draftOf({ enrolmentId: id, document: sequence }, step);
            yield [
              ...refOf(one),
              dice.uuid(),
              draft.onceKey,
              draft.channel,
              draft.purpose,
              id,
              step.key,
              JSON.stringify(draft.content),
              'sent',
              dice.id(),
              iso(at),
              iso(at),
              iso(Math.min(shape.asOf, at + dice.between(150, 900))),
            ];
          }
        }
      },
    },
    {
      name: 'timeline',
      columns: ['location_id', 'contact_id', 'at', 'kind', 'summary', 'refs'],
      *rows() {
        for (const { one, enrolledAt, touches } of passes()) {
          const ref = refOf(one);
          const told = (at: number, kind: string, summary: string, refs: object): Row => [
            ...ref,
            iso(at),
            kind,
            summary,
            JSON.stringify(refs),
          ];
          yield told(one.createdAt, 'event', 'The contact was created.', { type: 'ContactCreate' });
          yield told(enrolledAt, 'decision', `Began ${sequence.title}, version ${sequence.version}.`, {
            sequence: sequence.key,
          });
          for (const { step, words, at } of touches) yield told(at, 'send', `${words}: sent`, { stepKey: step.key });
        }
      },
    },
  ];
}

interface Pass {
  readonly one: Person;
  readonly enrolledAt: number;
  readonly touches: readonly {
    readonly step: ProductRules['sequence']['steps'][number];
    readonly words: string;
    readonly at: number;
  }[];
}

const refOf = ({ seat, contactId }: Person): Row => [seat.locationId, contactId];

const ENROLMENTS = [
  'location_id',
  'contact_id',
  'enrolment_id',
  'sequence_key',
  'sequence_version',
  'document',
  'status',
  'ended_reason',
  'enrolled_at',
  'ended_at',
  'done',
];

const OUTBOX = [
  'location_id',
  'contact_id',
  'send_id',
  'once_key',
  'channel',
  'purpose',
  'enrolment_id',
  'step_key',
  'content',
  'state',
  'vendor_id',
  'claimed_at',
  'sending_at',
  'settled_at',
];
