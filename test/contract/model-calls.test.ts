import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { look, order } from '../support/claude-standin.ts';
import { createModelWorld, type ModelWorld, promptFor } from '../support/model-world.ts';

let world: ModelWorld;
let locationId: string;

beforeAll(async () => {
  world = await createModelWorld();
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  await world.fresh();
  locationId = await world.location();
});

const calls = async (): Promise<readonly Record<string, unknown>[]> =>
  (await world.db.pool.query('select * from model_calls where location_id = $1 order by at, attempt', [locationId]))
    .rows;

describe('a call of a model', () => {
  it('is billed to the nano-dollar, with what it would have cost without caching', async () => {
    const result = await world.worker().call(world.orderOf(locationId));
    const invoice = await world.invoice();
    expect(result).toMatchObject({ kind: 'answered', model: 'claude-sonnet-5-5', cost: invoice.nano });
    expect(await world.standing()).toEqual({ billed: invoice.nano, maybe: 0, reserved: 0 });
    expect(await calls()).toMatchObject([
      { attempt: 1, state: 'billed', job: 'draft', counterfactual: invoice.uncachedNano, batch: false },
    ]);
  });
});
