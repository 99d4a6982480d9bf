import { z } from 'zod';
import { figureSources } from '../../domain/market/figures.ts';
import { cursor, instant, limit, nextCursor, route } from './route.ts';

const count = z.number().int();
const some = count.nullable();
const text = z.string().nullable();
const away = ['UNAUTHORIZED', 'STORE_AWAY'] as const;

export const marketFigures = route({
  method: 'get',
  path: '/api/market/figures',
  summary:
    'Figures of public files for a region: each with its source, its file and as of when; the newest period first',
  auth: 'bearer',
  query: z.object({
    source: z.enum(figureSources),
    region: z.string().trim().min(1).max(200).describe('the source’s id of it, or its whole name in any case'),
    series: z.string().min(1).max(200).optional(),
    since: z.iso.date().optional(),
    until: z.iso.date().optional(),
    ...{ cursor, limit },
  }),
  answers: {
    200: {
      says: 'A page of figures, and the words that must stand beside them',
      schema: z.object({
        credit: z.string(),
        items: z.array(
          z.object({
            ...{ source: z.enum(figureSources), series: z.string(), regionType: z.string(), region: z.string() },
            ...{ regionName: z.string(), period: z.iso.date(), value: z.string(), unit: z.string() },
            ...{ asOf: instant, fileHash: z.string() },
          }),
        ),
        nextCursor,
      }),
    },
  },
  errors: [...away, 'BAD_QUERY', 'BAD_CURSOR'],
});

export const marketFiles = route({
  method: 'get',
  path: '/api/market/files',
  summary: 'Public files of figures: those that were read, the last first, and those that are fetched each day',
  auth: 'bearer',
  answers: {
    200: {
      says: 'At most 200 that were read, each with what of it could not be taken; and how each one that is fetched stands',
      schema: z.object({
        items: z.array(
          z.object({
            ...{ source: z.enum(figureSources), file: z.string(), hash: z.string(), asOf: instant, readAt: instant },
            ...{ rows: count, changed: count, dead: count, atRow: some },
            problems: z.object({
              reasons: z.record(z.string(), count),
              rows: z.array(z.object({ row: count, reason: z.string(), field: text, detail: z.string() })),
            }),
          }),
        ),
        followed: z.array(
          z.object({
            ...{ source: z.enum(figureSources), file: z.string() },
            askedAt: instant.nullable().describe('null: not yet'),
            failing: z.object({ code: z.string(), since: instant, says: z.string() }).nullable(),
            read: z
              .object({ at: instant, asOf: instant, hash: z.string() })
              .nullable()
              .describe('the last one that was read to its end'),
          }),
        ),
      }),
    },
  },
  errors: [...away],
});
