import { z } from 'zod';
import type { Kind } from '../domain/cache/cache.ts';
import type { Method } from '../domain/cache/cost.ts';
import { cacheKinds } from './cache-kinds.ts';

/** By kind, how its values are to be stored whatever the cost model would choose. */
export type CachePins = Readonly<Record<string, Method>>;

/** Levels that each codec has; those that take a dictionary. */
const CODECS: Readonly<Record<string, { readonly from: number; readonly to: number; readonly dictionary: boolean }>> = {
  none: { from: 0, to: 0, dictionary: false },
  lz4: { from: 1, to: 12, dictionary: false },
  zstd: { from: 1, to: 19, dictionary: true },
  deflate: { from: 1, to: 9, dictionary: true },
  brotli: { from: 0, to: 11, dictionary: false },
};

/** Reads `contact=zstd:3+dictionary,lead=none`. `refuse` is told what is wrong with a part. */
function cachePins(list: string, refuse: (message: string) => void): CachePins {
  const pins: Record<string, Method> = {};
  for (const part of list.split(',').map((text) => text.trim())) {
    const [, kind = '', codec = '', level, dictionary] =
      /^([a-z-]+)=([a-z0-9]+)(?::(\d{1,2}))?(\+dictionary)?$/.exec(part) ?? [];
    const has = Object.hasOwn(CODECS, codec) ? CODECS[codec] : undefined;
    if (kind === '') refuse('expected a comma list such as contact=zstd:3+dictionary');
    else if (!cacheKinds.some(({ name }) => name === kind)) refuse(`expected a kind of the cache: ${kindNames}`);
    else if (has === undefined) refuse(`expected a codec: ${Object.keys(CODECS).join(', ')}`);
    else if (!isWithin(level, has) || (dictionary !== undefined && !has.dictionary)) refuse(wants(codec, has));
    else pins[kind] = { codec, level: Number(level ?? has.from), dictionary: dictionary !== undefined };
  }
  return pins;
}

/** The kinds with the pins that an operator insists on. */
export function kindsWith(pins: CachePins): readonly Kind[] {
  return cacheKinds.map((kind) => {
    const pin = Object.hasOwn(pins, kind.name) ? pins[kind.name] : undefined;
    return pin === undefined ? kind : { ...kind, pin };
  });
}

const kindNames = cacheKinds.map(({ name }) => name).join(', ');

function isWithin(level: string | undefined, { from, to }: (typeof CODECS)[string]): boolean {
  return level === undefined ? from === to : Number(level) >= from && Number(level) <= to;
}

function wants(codec: string, { from, to, dictionary }: (typeof CODECS)[string]): string {
  const levels = from === to ? `${codec} without a level` : `${codec}:${from} to ${codec}:${to}`;
  return `expected ${levels}${dictionary ? ', with or without +dictionary' : ', which takes no dictionary'}`;
}

/** The variable that pins are told by. */
export const cachePinList = z
  .string()
  .transform((list, context) => cachePins(list, (message) => context.addIssue({ code: 'custom', message })))
  .default({})
  .meta({
    shown: 'unset',
    means:
      'How kinds of the cache are stored whatever its cost model would choose, like `contact=zstd:3+dictionary,vector=none`: ' +
      '[cache.md](cache.md#pins).',
  });
