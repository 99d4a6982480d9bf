import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createHealth } from '../../platform/health.ts';
import { loadApiToken, loadHomeKeys } from '../../platform/keys.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createPauses } from '../../platform/pauses.ts';
import { createSharedReading } from '../../platform/shared-reading.ts';
import { createShutdown } from '../../platform/shutdown.ts';

const quiet = createLogger({ level: 'silent' });

function home(): string {
  return mkdtempSync(join(tmpdir(), 'leadwright-home-'));
}

function recorded(): { lines: string[]; log: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  return { lines, log: createLogger({ stream: { write: (line) => void lines.push(line) } }) };
}

describe('keys', () => {
  it('are made once, 32 bytes, and readable by their owner alone', () => {
    const folder = home();
    const first = loadHomeKeys(folder);
    expect(first.masterKey).toHaveLength(32);
    expect(first.personKey.equals(first.masterKey)).toBe(false);
    expect(loadHomeKeys(folder).masterKey.equals(first.masterKey)).toBe(true);
    expect(statSync(join(folder, 'keys', 'master.key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700);
  });

  it('are never replaced when damaged', () => {
    const folder = home();
    loadHomeKeys(folder);
    const file = join(folder, 'keys', 'person.key');
    writeFileSync(file, 'short');
    expect(() => loadHomeKeys(folder)).toThrow(expect.objectContaining({ code: 'KEY_DAMAGED' }));
    expect(readFileSync(file, 'utf8')).toBe('short');
  });

  it('a configured api token is taken as it is, else one is kept', () => {
    const folder = home();
    expect(loadApiToken(folder, 'given-by-the-operator')).toBe('given-by-the-operator');
    const kept = loadApiToken(folder, undefined);
    expect(kept.length).toBeGreaterThan(24);
    expect(loadApiToken(folder, undefined)).toBe(kept);
  });
});

describe('the log', () => {
  it('carries no phone number, address, body or secret, however deep or inside an error', () => {
    const { lines, log } = recorded();
    log.error(
      {
        inboxId: 'i-1',
        body: 'MARKER-body',
        row: { snapshot: { phone: '+18135550142', email: 'dana@example.com', firstName: 'MARKER-name' } },
        apiToken: 'MARKER-token',
        err: new Error('no route to dana@example.com or +18135550142 or (813) 555-0142', {
          cause: new SyntaxError('Unexpected token M, "MARKER-json" is not valid JSON'),
        }),
      },
      'failed',
    );
    const line = lines.join('');
    expect(line).toContain('"inboxId":"i-1"');
    for (const leak of ['MARKER', 'dana@', '8135550142', '555-0142']) expect(line).not.toContain(leak);
  });
});

describe('metrics', () => {
  it('keep the number of event types in labels bounded and never take odd words for a type', async () => {
    const metrics = createMetrics();
    metrics.unknownType('someone@example.com');
    for (let n = 0; n < 80; n += 1) metrics.unknownType(`Type${n}`);
    const text = await metrics.text();
    expect(text.match(/^leadwright_unknown_events_total\{/gm)).toHaveLength(51);
    expect(text).not.toContain('someone@');
    expect(text).toContain('leadwright_unknown_events_total{type="other"} 31');
  });

  it('count the leads that passes over scores left out, and name none', async () => {
    const metrics = createMetrics();
    metrics.unread();
    metrics.unread();
    expect(await metrics.text()).toMatch(/^leadwright_scores_skipped_total 2$/m);
  });
});

describe('a number that scrapes share', () => {
  it('is read once for all askers, kept for a while, and then read anew', async () => {
    let clock = 0;
    let reads = 0;
    const reading = createSharedReading(async () => (reads += 1), { keptMs: 100, now: () => clock });
    expect(await Promise.all([reading(), reading(), reading()])).toEqual([1, 1, 1]);
    clock = 99;
    expect(await reading()).toBe(1);
    clock = 100;
    expect(await reading()).toBe(2);
  });

  it('is unknown while it cannot be read, also after it was known, and shown as unknown', async () => {
    let well = true;
    const reading = createSharedReading(() => (well ? Promise.resolve(3) : Promise.reject(new Error('away'))), {
      keptMs: 0,
    });
    const metrics = createMetrics({ stuck: reading });
    expect(await metrics.text()).toMatch(/^leadwright_events_stuck 3$/m);
    well = false;
    expect(await metrics.text()).toMatch(/^leadwright_events_stuck Nan$/m);
    const never = createSharedReading(() => new Promise(() => undefined), { patienceMs: 5 });
    expect(await never()).toBeNaN();
  });
});

describe('health', () => {
  it('is not ready while a required part is away, and shows how long ago it was well', async () => {
    let well = true;
    let clock = 1000;
    const health = createHealth(
      [
        {
          name: 'postgres',
          required: true,
          probe: () => (well ? Promise.resolve('ok') : Promise.reject(new Error('no'))),
        },
        { name: 'redis', required: false, probe: () => Promise.reject(new Error('no')) },
      ],
      { now: () => clock },
    );
    expect((await health.ready()).status).toBe('ready');
    well = false;
    clock = 4000;
    const later = await health.ready();
    expect(later.status).toBe('not-ready');
    expect(later.parts['postgres']).toEqual({ state: 'away', required: true, lastOkAgeMs: 3000, checkedAgeMs: 0 });
    expect(later.parts['redis']).toMatchObject({ state: 'away', required: false, lastOkAgeMs: null });
  });

  it('counts a part that never answers as away, and is not ready while stopping', async () => {
    const health = createHealth([{ name: 'slow', required: true, probe: () => new Promise(() => undefined) }], {
      patience: 5,
    });
    expect((await health.ready()).parts['slow']?.state).toBe('away');
    health.stopping();
    expect((await health.ready()).status).toBe('stopping');
  });
});

describe('shutdown', () => {
  it('stops intake, then drains, then closes, once, and says when a step failed', async () => {
    const order: string[] = [];
    const shutdown = createShutdown({ log: quiet });
    shutdown.on('close', 'pool', () => void order.push('close'));
    shutdown.on('drain', 'relay', () => Promise.reject(new Error('stuck')));
    shutdown.on('intake', 'server', () => void order.push('intake'));
    const [first, second] = await Promise.all([shutdown.stop('test'), shutdown.stop('again')]);
    expect([first, second]).toEqual([false, false]);
    expect(order).toEqual(['intake', 'close']);
  });

  it('gives up on a step that never ends', async () => {
    const shutdown = createShutdown({ log: quiet, limitMs: 5 });
    shutdown.on('drain', 'worker', () => new Promise(() => undefined));
    expect(await shutdown.stop('test')).toBe(false);
  });
});

describe('pauses', () => {
  it('hold a configured point until its file is removed, and no other', async () => {
    const folder = home();
    const pauses = createPauses({ home: folder, points: ['door.after-commit'], log: quiet });
    await pauses.at('door.before-commit');
    const file = join(folder, 'pauses', 'door.after-commit');
    const held = pauses.at('door.after-commit');
    while (!existsSync(file)) await new Promise((resolve) => setImmediate(resolve));
    expect(Number(readFileSync(file, 'utf8'))).toBe(process.pid);
    rmSync(file);
    await held;
  });
});
