import { constants, createBrotliCompress, createDeflateRaw } from 'node:zlib';
import type { Codecs } from '../../integrations/cache/codecs.ts';
import { type CodecName, MAX_DECODED_BYTES, seal } from '../../integrations/cache/envelope.ts';
import { createValues } from '../../integrations/cache/values.ts';
import { seeded } from '../support/cache-bytes.ts';
import { withPeak } from './cache-peak.ts';

/** What was made to hurt whoever reads it, with a checksum that is right. */
export interface HostileFigure {
  readonly what: string;
  readonly storedBytes: number;
  /** The miss that it was, or `read`. */
  readonly outcome: string;
  readonly grownMiB: number | undefined;
  readonly ms: number;
}

export interface HostileFigures {
  readonly envelopes: readonly HostileFigure[];
  /** Payloads of random bytes under a right checksum: no checksum tells that they are wrong. None may throw. */
  readonly sealedNoise: { readonly n: number; readonly threw: number; readonly grownMiB: number | undefined };
}

const SCOPE = 'hostile';
const GIB = 2 ** 30;
const TIMES = 20;
const CODECS = ['lz4', 'zstd', 'brotli', 'deflate'] as const satisfies readonly CodecName[];
type Bombed = (typeof CODECS)[number];

export async function measureHostile(
  codecs: Codecs,
  noise: number,
  say: (line: string) => void,
): Promise<HostileFigures> {
  say('hostile envelopes');
  const values = createValues({ codecs });
  const bombs: Readonly<Record<Bombed, Buffer>> = {
    lz4: lz4Bomb(),
    zstd: zstdBomb(),
    brotli: await squeezed(createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })),
    deflate: await squeezed(createDeflateRaw()),
  };
  const sealed = (codec: CodecName, length: number, payload: Buffer) =>
    seal({ scope: SCOPE, codec, dictionary: 0, length, payload });
  const gigabyte = Buffer.from([0x12, 0, 0x80, 0x80, 0x80, 0x80, 0x04, 0, 0, 0, 0, 1, 2, 3, 4]);
  const envelopes: { what: string; stored: Buffer }[] = [
    { what: 'claims 1 GiB', stored: gigabyte },
    {
      what: 'claims 256 MiB, the most that the format can say',
      stored: sealed('zstd', 2 ** 28 - 1, Buffer.alloc(64, 1)),
    },
    ...CODECS.flatMap((codec) => [
      { what: `${codec}: claims 16 MiB, has 64 bytes`, stored: sealed(codec, MAX_DECODED_BYTES, Buffer.alloc(64, 1)) },
      { what: `${codec}: claims 100 bytes, makes 1 GiB`, stored: sealed(codec, 100, bombs[codec]) },
      { what: `${codec}: claims 16 MiB, makes 1 GiB`, stored: sealed(codec, MAX_DECODED_BYTES, bombs[codec]) },
    ]),
  ];
  const figures: HostileFigure[] = [];
  for (const { what, stored } of envelopes) {
    const began = performance.now();
    const { result, grownMiB } = await withPeak(() => {
      let outcome = '';
      for (let time = 0; time < TIMES; time += 1) outcome = outcomeOf(values, stored);
      return Promise.resolve(outcome);
    });
    figures.push({
      what,
      storedBytes: stored.length,
      outcome: result,
      grownMiB,
      ms: (performance.now() - began) / TIMES,
    });
  }
  return { envelopes: figures, sealedNoise: await sealedNoise(values, noise) };
}

function outcomeOf(values: ReturnType<typeof createValues>, stored: Buffer): string {
  try {
    const read = values.read(stored, SCOPE, () => undefined);
    return 'miss' in read ? read.miss : 'read';
  } catch {
    return 'threw';
  }
}

async function sealedNoise(values: ReturnType<typeof createValues>, n: number): Promise<HostileFigures['sealedNoise']> {
  const next = seeded(7);
  let threw = 0;
  const { grownMiB } = await withPeak(() => {
    for (let at = 0; at < n; at += 1) {
      const payload = Buffer.from(Array.from({ length: 1 + next(64) }, () => next(256)));
      const stored = seal({ scope: SCOPE, codec: CODECS[next(4)]!, dictionary: 0, length: next(100_000), payload });
      if (outcomeOf(values, stored) === 'threw') threw += 1;
    }
    return Promise.resolve();
  });
  return { n, threw, grownMiB };
}

/** Blocks that say one byte 128 KiB times; the last one says that it is. */
function zstdBomb(): Buffer {
  const blockBytes = 128 * 1024;
  const blocks = GIB / blockBytes;
  const bomb = Buffer.alloc(blocks * 4);
  for (let block = 0; block < blocks; block += 1) {
    bomb.writeUIntLE((blockBytes << 3) | (1 << 1) | Number(block === blocks - 1), block * 4, 3);
  }
  return bomb;
}

/** One letter, and a match of it that goes on for a gigabyte: each byte of 255 is 255 letters more. */
function lz4Bomb(): Buffer {
  const length = Math.floor(GIB / 255);
  return Buffer.concat([
    Buffer.from([0x1f, 0x00, 0x01, 0x00]),
    Buffer.alloc(length, 255),
    Buffer.from([0, 0x50, 0, 0, 0, 0, 0]),
  ]);
}

async function squeezed(
  stream: ReturnType<typeof createDeflateRaw> | ReturnType<typeof createBrotliCompress>,
): Promise<Buffer> {
  const zeros = Buffer.alloc(2 ** 20);
  const parts: Buffer[] = [];
  const read = (async () => {
    for await (const part of stream) parts.push(part as Buffer);
  })();
  for (let written = 0; written < GIB; written += zeros.length) {
    if (!stream.write(zeros)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  await read;
  return Buffer.concat(parts);
}
