import { TestWorkflowEnvironment } from '@temporalio/testing';
import proto from '@temporalio/proto';
import { DateTime } from 'luxon';
import { searchAttributes } from '../../workflows/contract.ts';
import { quietRuntime } from './lead-worker.ts';
import { timeSkippingServer } from './world.ts';

/** A Temporal server whose time is the test's: it stands (at the machine's pace) until a test skips ahead, and never goes back. */
export interface VirtualTime {
  readonly env: TestWorkflowEnvironment;
  /** Now, as of the last look at the server and the machine's pace since. */
  now(): Date;
  /** Asks the server, and tells those who live by its time. */
  look(): Promise<void>;
  skip(ms: number): Promise<void>;
  /** Skips to the next `HH:MM` on the wall of a zone, today or tomorrow; on a given date if one is told. */
  skipTo(zone: string, time: string, date?: DateTime): Promise<Date>;
  close(): Promise<void>;
}

/** @param onMove  told how far the server's time is ahead of the machine's whenever that has changed */
export async function startVirtualTime(onMove: (aheadMs: number) => Promise<void>): Promise<VirtualTime> {
  quietRuntime();
  const env = await startServer(await timeSkippingServer());
  await registerSearchAttributes(env);
  let aheadMs = 0;
  let moved = Promise.resolve();

  async function look(): Promise<void> {
    const serverMs = await env.currentTimeMs();
    // The server answered some time ago, so it is ahead by at least this; nobody's time goes back for an answer that took longer.
    const least = serverMs - Date.now();
    if (least > aheadMs) {
      aheadMs = least;
      moved = moved.then(() => onMove(least));
    }
    // Whoever looks while others are being told waits for that too.
    await moved;
  }

  async function skip(ms: number): Promise<void> {
    await env.sleep(Math.max(Math.ceil(ms), 1));
    await look();
  }

  const now = () => new Date(Date.now() + aheadMs);

  return {
    env,
    now,
    look,
    skip,
    async skipTo(zone, time, date) {
      await look();
      const at = nextWallTime(DateTime.fromJSDate(now(), { zone }), time, date);
      await skip(at.toMillis() - now().getTime());
      return at.toJSDate();
    },
    close: () => env.teardown(),
  };
}

/** The Java server has five seconds to listen, which a busy machine may not grant it the first time. */
async function startServer(path: string): Promise<TestWorkflowEnvironment> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({
        server: { executable: { type: 'existing-path', path } },
      });
    } catch (error) {
      if (attempt >= 4) throw error;
    }
  }
}

/** Unknown ones would make every workflow task repeat for ever. */
async function registerSearchAttributes(env: TestWorkflowEnvironment): Promise<void> {
  const all = proto.temporal.api.enums.v1.IndexedValueType;
  const types = {
    Keyword: all.INDEXED_VALUE_TYPE_KEYWORD,
    Int: all.INDEXED_VALUE_TYPE_INT,
    Datetime: all.INDEXED_VALUE_TYPE_DATETIME,
    Bool: all.INDEXED_VALUE_TYPE_BOOL,
  };
  await env.connection.operatorService.addSearchAttributes({
    namespace: env.namespace ?? 'default',
    searchAttributes: Object.fromEntries(Object.entries(searchAttributes).map(([name, type]) => [name, types[type]])),
  });
}

function nextWallTime(from: DateTime, time: string, date: DateTime = from): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const { year, month, day } = date;
  const at = DateTime.fromObject({ year, month, day, hour, minute }, { zone: from.zone });
  return at > from ? at : at.plus({ days: 1 });
}

/** The next day of a zone in whose night the clocks change: `spring` forward or `autumn` back, at least two days ahead. */
export function nextSwitch(after: Date, zone: string, season: 'spring' | 'autumn'): DateTime {
  let day = DateTime.fromJSDate(after, { zone }).startOf('day').plus({ days: 2 });
  for (let looked = 0; looked < 800; looked += 1, day = day.plus({ days: 1 })) {
    const change = day.plus({ days: 1 }).startOf('day').offset - day.offset;
    if (season === 'spring' ? change > 0 : change < 0) return day;
  }
  throw new Error(`the clocks of ${zone} do not change`);
}
