import type { Cache } from '../domain/cache/cache.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { ScoreModel } from '../domain/ports/score-model.ts';
import type { Place } from '../integrations/postgres/pool.ts';
import type { composeModelCalls } from './compose-assistant.ts';
import type { HealthCheck } from './health.ts';

interface Checked {
  readonly house: Pick<Place, 'query'>;
  /** Rejects where Temporal does not answer. */
  readonly ping: () => Promise<void>;
  /** Null: there is no server for it. */
  readonly cache: Pick<Cache, 'healthy'> | null;
  readonly model: Pick<ScoreModel, 'healthy'>;
  readonly locations: Pick<LocationStore, 'allPaused'>;
  readonly standing: ReturnType<typeof composeModelCalls>['standing'];
  /** Locations that wait for a person. */
  readonly parked: () => Promise<number>;
}

/** What `/readyz` looks at. */
export function healthChecks({ house, ping, cache, model, locations, standing, parked }: Checked): HealthCheck[] {
  return [
    { name: 'postgres', required: true, probe: async () => (await house.query('select 1'), 'ok') },
    // A door that can store stays open while Temporal is away.
    { name: 'temporal', required: false, probe: async () => (await ping(), 'ok') },
    {
      name: 'redis',
      required: false,
      probe: async () => (cache === null ? 'absent' : cache.healthy() ? 'ok' : 'degraded'),
    },
    { name: 'model', required: false, probe: async () => (model.healthy ? 'ok' : 'degraded') },
    // Somebody's wish, and no fault; whoever looks why nothing is sent sees it.
    {
      name: 'sending',
      required: false,
      probe: async () => ((await locations.allPaused()) === null ? 'ok' : 'degraded'),
    },
    // Templates and people answer until the vendor's limit is raised or the key is changed.
    {
      name: 'assistant',
      required: false,
      probe: async () => {
        const stands = standing();
        return stands === 'absent' ? 'absent' : stands === 'open' ? 'ok' : 'degraded';
      },
    },
    // A location whose token is refused waits for a person; the others are served.
    { name: 'locations', required: false, probe: async () => ((await parked()) === 0 ? 'ok' : 'degraded') },
  ];
}
