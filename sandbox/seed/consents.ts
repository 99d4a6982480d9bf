import type { Person } from './people.ts';
import { createDice } from './random.ts';
import type { Shape } from './shape.ts';
import { type Row, type SeedTable, iso } from './table.ts';

/** The tag by which the locations of the seed record consent. */
const TAG = 'sms-consent';
const CHANNELS = ['sms', 'email'] as const;

/**
 * Who agreed to be written to: everybody who was, most of the others, nobody from a bought list. Whoever opted out has taken it back. The
 * numbers and addresses of the seed are not hashed, so that entries are known by their contact alone.
 */
export function consentTables(shape: Shape, person: (lead: number) => Person): readonly SeedTable[] {
  const dice = createDice(shape.seed);

  function* people(): Iterable<Consented> {
    for (let lead = 0; lead < shape.leads; lead += 1) {
      const one = person(lead);
      dice.at('consent', lead);
      const bought = one.welcome === null && dice.chance(0.03);
      const agreed = one.welcome !== null || (!bought && one.activated && dice.chance(0.7));
      const withdrawnAt = one.stage === 'opted-out' ? one.lastActivityAt : null;
      yield { one, bought, agreed, withdrawnAt };
    }
  }

  return [
    {
      name: 'consent_records',
      columns: RECORDS,
      *rows() {
        for (const { one, agreed, withdrawnAt } of people()) {
          for (const channel of CHANNELS) {
            if (agreed) yield entry(one, channel, one.createdAt, 'granted');
            if (withdrawnAt !== null) yield entry(one, channel, withdrawnAt, 'withdrawn');
          }
        }
      },
    },
    {
      name: 'consents',
      columns: ['location_id', 'contact_id', 'channel', 'state', 'basis', 'since'],
      *rows() {
        for (const { one, agreed, withdrawnAt } of people()) {
          if (!agreed && withdrawnAt === null) continue;
          const [state, basis, since] =
            withdrawnAt === null
              ? (['granted', `tag:${TAG}`, one.createdAt] as const)
              : (['withdrawn', 'opt-out', withdrawnAt] as const);
          for (const channel of CHANNELS) yield [...refOf(one), channel, state, basis, iso(since)];
        }
      },
    },
    {
      name: 'consent_facts',
      columns: FACTS,
      *rows() {
        for (const { one, bought } of people()) {
          if (!bought) continue;
          const at = iso(one.createdAt);
          yield [...refOf(one), 'bought', at, 'mapping', 'tag or source', at, 'the seed', `bought:${one.contactId}`];
        }
      },
    },
  ];
}

interface Consented {
  readonly one: Person;
  readonly bought: boolean;
  readonly agreed: boolean;
  readonly withdrawnAt: number | null;
}

const RECORDS = [
  ...['location_id', 'contact_id', 'channel', 'state', 'written', 'source', 'basis', 'given_at', 'recorded_at'],
  ...['recorded_by', 'once_key'],
];

const FACTS = [
  ...['location_id', 'contact_id', 'kind', 'at', 'source', 'basis', 'recorded_at', 'recorded_by', 'once_key'],
];

function entry(one: Person, channel: string, at: number, state: 'granted' | 'withdrawn'): Row {
  const granted = state === 'granted';
  return [
    ...refOf(one),
    ...[channel, state, granted, granted ? 'tag' : 'message', granted ? `tag:${TAG}` : 'opt-out', iso(at), iso(at)],
    ...['the seed', `${state}:${one.contactId}:${channel}`],
  ];
}

const refOf = ({ seat, contactId }: Person): Row => [seat.locationId, contactId];
