import type { z } from 'zod';
import type { Cache } from '../../domain/cache/cache.ts';
import { isAppError } from '../../domain/errors.ts';
import { WHOLE_LOCATION } from '../../domain/ports/cache-tags.ts';
import type { CrmCatalog, CrmNamed, CrmPipeline } from '../../domain/ports/crm.ts';
import { ask } from './ask.ts';
import type { GhlClient } from './client.ts';
import { readFields } from './fields.ts';
import { byPageNumber, eachPage } from './pages.ts';
import {
  calendarsAnswer,
  itemsOf,
  namedItem,
  numberItem,
  numbersAnswer,
  pipelineItem,
  pipelinesAnswer,
  tagItem,
  tagsAnswer,
  userItem,
  usersAnswer,
  workflowsAnswer,
} from './schemas.ts';

const NUMBERS_PAGE = 100;
const NUMBERS_MAX_PAGES = 20;

/** Everything that settings may refer to. A part that the token may not read is null; a part that cannot be read now fails the whole. */
export async function readCatalog(client: GhlClient, locationId: string): Promise<CrmCatalog> {
  const here = { query: { locationId } };
  const [customFields, pipelines, users, calendars, workflows, numbers, tags] = await Promise.all([
    ifAllowed(async () =>
      (await readFields(client, locationId)).map(({ id, name, fieldKey, dataType }) => ({
        id,
        name: name ?? '',
        key: fieldKey,
        dataType: dataType ?? '',
      })),
    ),
    readPipelines(client, locationId),
    ifAllowed(async () => {
      const answer = await ask(client, 'get-user-by-location', usersAnswer, locationId, here);
      return itemsOf(userItem, answer.users).map((user) => ({
        id: user.id,
        name: user.name ?? [user.firstName, user.lastName].filter(Boolean).join(' '),
        email: user.email ?? null,
        deleted: user.deleted === true,
      }));
    }),
    ifAllowed(async () => {
      const answer = await ask(client, 'get-calendars', calendarsAnswer, locationId, here);
      return itemsOf(namedItem, answer.calendars).map(named);
    }),
    ifAllowed(async () => {
      const answer = await ask(client, 'get-workflow', workflowsAnswer, locationId, here);
      return itemsOf(namedItem, answer.workflows).map(named);
    }),
    ifAllowed(() => readNumbers(client, locationId)),
    ifAllowed(async () => {
      const answer = await ask(client, 'get-location-tags', tagsAnswer, locationId, { path: { locationId } });
      return itemsOf(tagItem, answer.tags).map(({ name }) => name);
    }),
  ]);
  return { customFields, pipelines, users, calendars, workflows, numbers, tags };
}

function readPipelines(client: GhlClient, locationId: string): Promise<CrmPipeline[] | null> {
  return ifAllowed(async () => {
    const answer = await ask(client, 'get-pipelines', pipelinesAnswer, locationId, { query: { locationId } });
    return itemsOf(pipelineItem, answer.pipelines).map(pipelineOf);
  });
}

/** They seldom change, and every move of an opportunity asks for their order. */
export function pipelines(client: GhlClient, cache: Cache, locationId: string): Promise<CrmPipeline[] | null> {
  const key = { location: locationId, id: 'all' };
  return cache.wrap(key, { kind: 'pipelines', tags: [WHOLE_LOCATION] }, () => readPipelines(client, locationId));
}

/** Unknown, where the permission is missing. */
async function ifAllowed<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isAppError(error) && error.code === 'CRM_FORBIDDEN') return null;
    throw error;
  }
}

async function readNumbers(client: GhlClient, locationId: string): Promise<string[]> {
  const pages = eachPage<readonly unknown[], number>(
    async (page = 0) => {
      const input = { path: { locationId }, query: { page, pageSize: NUMBERS_PAGE } };
      return (await ask(client, 'active-numbers', numbersAnswer, locationId, input)).numbers;
    },
    (numbers, page) => byPageNumber(page, 0, numbers.length, NUMBERS_PAGE),
    { whenStuck: 'fail', most: NUMBERS_MAX_PAGES },
  );
  const found = new Set<string>();
  for await (const numbers of pages) for (const { phoneNumber } of itemsOf(numberItem, numbers)) found.add(phoneNumber);
  return [...found];
}

/** Stages come in any order and bear their places. */
function pipelineOf({ id, name, stages }: z.infer<typeof pipelineItem>): CrmPipeline {
  const inOrder = stages.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
  return { id, name: name ?? '', stages: inOrder.map(named) };
}

function named({ id, name }: z.infer<typeof namedItem>): CrmNamed {
  return { id, name: name ?? '' };
}
