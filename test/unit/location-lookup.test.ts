import { describe, expect, it } from '@jest/globals';
import { createLocationLookup } from '../../api/location-lookup.ts';
import { defaultSettings, type Location } from '../../domain/leads/settings.ts';

function world() {
  const location = (status: Location['status']): Location => ({
    locationId: 'loc',
    companyId: null,
    name: 'Bayline',
    timezone: null,
    status,
    pausedBy: [],
    parked: null,
    settings: defaultSettings,
    settingsVersion: 1,
  });
  const state = { clock: 0, reads: 0, stored: undefined as Location | undefined, away: false };
  const load = async (): Promise<Location | undefined> => {
    state.reads += 1;
    if (state.away) throw new Error('away');
    return state.stored;
  };
  const lookup = createLocationLookup({ get: load, byWorkflowSecretHash: load }, { now: () => state.clock });
  return { state, lookup, location };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the door’s memory of locations', () => {
  it('never remembers that a location is missing: one just added is let in at once', async () => {
    const { state, lookup, location } = world();
    expect(await lookup.byId('loc')).toBeUndefined();
    state.stored = location('active');
    expect((await lookup.byId('loc'))?.status).toBe('active');
  });

  it('reads once while fresh, and behind the answer afterwards', async () => {
    const { state, lookup, location } = world();
    state.stored = location('active');
    await lookup.byId('loc');
    await lookup.byId('loc');
    expect(state.reads).toBe(1);
    state.clock = 4000;
    state.stored = location('uninstalled');
    expect((await lookup.byId('loc'))?.status).toBe('active');
    await turn();
    expect((await lookup.byId('loc'))?.status).toBe('uninstalled');
    expect(state.reads).toBe(2);
  });

  it('answers from memory while the store is away, but not for ever', async () => {
    const { state, lookup, location } = world();
    state.stored = location('active');
    await lookup.byId('loc');
    state.away = true;
    state.clock = 30_000;
    expect((await lookup.byId('loc'))?.status).toBe('active');
    await turn();
    state.clock = 61_000;
    await expect(lookup.byId('loc')).rejects.toThrow('away');
  });

  it('forgets at once after a change here, even what was being read meanwhile', async () => {
    const { state, lookup, location } = world();
    state.stored = location('active');
    const reading = lookup.byId('loc');
    lookup.forget();
    await reading;
    state.stored = location('paused');
    expect((await lookup.byId('loc'))?.status).toBe('paused');
  });
});
