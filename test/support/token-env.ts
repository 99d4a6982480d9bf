import type { TokenHolder } from '../../domain/ports/tokens.ts';
import { createTokenRefresher } from '../../integrations/temporal/token-refresher.ts';
import { tokensWorkflowId } from '../../workflows/contract.ts';
import { leadWorkers } from './lead-worker.ts';
import { startTokenWorld } from './token-world.ts';
import { startVirtualTime } from './virtual-time.ts';

/** The seconds for which the vendor grants a token, in ms. */
export const LIFE_MS = 86_399_000;

export type TokenEnv = Awaited<ReturnType<typeof createTokenEnv>>;

/** The refresher of tokens in virtual time, against the vendor's stand-in, whose clock follows, and a database of its own. */
export async function createTokenEnv() {
  const world = await startTokenWorld();
  const time = await startVirtualTime((aheadMs) => world.standIn.moveClock(aheadMs));
  const refresher = createTokenRefresher(time.env.client, { timeoutMs: 60_000 });
  let beforeStore = (): Promise<void> => Promise.resolve();
  const activities = world.activities({ now: () => time.now(), pauses: { at: () => beforeStore() } }, refresher);
  const { stop } = await leadWorkers({
    connection: time.env.nativeConnection,
    namespace: time.env.namespace ?? 'default',
    leads: activities,
    // A queue needs an activity; nothing of tokens is done on this one.
    ghl: { touch: () => Promise.reject(new Error('not expected here')) },
    aroundActivity: () => ({
      inbound: {
        async execute(input, next) {
          await time.look();
          return next(input);
        },
      },
    }),
  });

  /** By a click, dated as the virtual world is. */
  async function installAgain(id: string): Promise<void> {
    await world.installByClick(id);
    await world.database.pool.query(
      `update credentials set issued_at = $2, expires_at = $2::timestamptz + $3 * interval '1 millisecond' where location_id = $1`,
      [id, time.now(), LIFE_MS],
    );
  }

  const handleOf = ({ id }: TokenHolder) => time.env.client.workflow.getHandle(tokensWorkflowId(id));

  return {
    world,
    time,
    refresher,
    installAgain,
    async installed(): Promise<TokenHolder & { readonly kind: 'location' }> {
      const { locationId } = await world.location();
      await installAgain(locationId);
      return { kind: 'location', id: locationId };
    },
    handleOf,
    running: async (holder: TokenHolder) => (await handleOf(holder).describe()).status.name === 'RUNNING',
    version: async (holder: TokenHolder) => (await world.credentials.newest(holder))?.version,
    parkedReason: async (id: string) => (await world.locations.get(id))?.parked?.reason ?? null,
    /** What renewals do before they store; nothing, unless a test says otherwise. */
    onStore(does: () => Promise<void>): void {
      beforeStore = does;
    },
    async close(): Promise<void> {
      await stop();
      await time.close();
      await world.close();
    },
  };
}
