import type { LocationSettings } from '../../domain/leads/settings.ts';
import { firstNames, lastNames } from './names.ts';
import { type Dice, createDice, weighted, zipf } from './random.ts';
import { DAY, type Seat, type Shape, awake, past } from './shape.ts';
import { type SeedTable, iso } from './table.ts';

const firstName = zipf(firstNames, 0.75);
const lastName = zipf(lastNames, 0.7);

/** Locations, their agents, and the coaching of these. Nobody knows the secrets behind the hashes, and no token is there. */
export function locationTables(shape: Shape, settings: LocationSettings): readonly SeedTable[] {
  return [locations(shape, settings), agents(shape), coaching(shape)];
}

function locations(shape: Shape, settings: LocationSettings): SeedTable {
  return {
    name: 'locations',
    columns: [
      'location_id',
      'company_id',
      'name',
      'timezone',
      'status',
      'settings',
      'workflow_secret_hash',
      'installed_at',
      'updated_at',
    ],
    *rows() {
      const dice = createDice(shape.seed);
      const kept = JSON.stringify(settings);
      // Before the first lead, so that no lead is older than its team.
      const installed = iso(shape.asOf - 4 * 365 * DAY);
      for (const seat of shape.seats) {
        dice.at('team', seat.index);
        const company = dice.id();
        const name = teamName(dice, seat);
        yield [seat.locationId, company, name, seat.metro.zone, 'active', kept, dice.hex(64), installed, installed];
      }
    },
  };
}

function teamName(dice: Dice, { metro }: Seat): string {
  const kind = dice.pick(['Realty', 'Homes', 'Real Estate Group', 'Property Partners', 'Residential']);
  return dice.chance(0.4) ? `${dice.pick(metro.cities).name} ${kind}` : `${lastName(dice)} ${kind}`;
}

function agents(shape: Shape): SeedTable {
  return {
    name: 'agent_profiles',
    columns: ['location_id', 'agent_id', 'name', 'email', 'active', 'changed_at'],
    *rows() {
      const dice = createDice(shape.seed);
      for (const { locationId, index, agentIds } of shape.seats) {
        for (const [k, agentId] of agentIds.entries()) {
          dice.at('profile', index, k);
          const [first, last] = [firstName(dice), lastName(dice)];
          const mail = dice.chance(0.95) ? `${first}.${last}.${index}.${k}@example.com`.toLowerCase() : null;
          const changedAt = awake(shape.asOf - DAY - past(dice.unit(), 700 * DAY));
          yield [locationId, agentId, `${first} ${last}`, mail, dice.chance(0.86), iso(changedAt)];
        }
      }
    },
  };
}

const topics = weighted([
  ['first response', 5],
  ['objections', 4],
  ['listing presentation', 3],
  ['pricing talk', 3],
  ['follow-up rhythm', 3],
  ['open house', 1],
]);

function coaching(shape: Shape): SeedTable {
  return {
    name: 'coaching_sessions',
    columns: ['location_id', 'session_id', 'agent_id', 'held_on', 'score', 'notes'],
    *rows() {
      const dice = createDice(shape.seed);
      for (const { locationId, index, agentIds } of shape.seats) {
        for (const [k, agentId] of agentIds.entries()) {
          const sessions = Math.floor(dice.at('coached', index, k).wait(14));
          for (let i = 0; i < sessions; i += 1) {
            dice.at('session', index * 64 + k, i);
            const heldOn = iso(shape.asOf - past(dice.unit(), 540 * DAY)).slice(0, 10);
            const score = Math.min(100, Math.max(0, 68 + 13 * dice.normal()));
            const notes = JSON.stringify({ topic: topics(dice), minutes: dice.between(3, 9) * 5 });
            yield [
              locationId,
              dice.uuid(),
              agentId,
              heldOn,
              dice.chance(0.93) ? Number(score.toFixed(1)) : null,
              notes,
            ];
          }
        }
      }
    },
  };
}
