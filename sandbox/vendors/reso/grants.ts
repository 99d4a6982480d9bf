import { Refusal, notFound } from './refusal.ts';
import type { Json } from './wire.ts';
import { currentSchema } from './world.ts';
import type { World } from './world.ts';

/** How a resource is answered that the account was not granted: `html` is a 404 with a page for people. */
const ANSWERS = ['forbidden', 'not-found', 'html'] as const;
type Answer = (typeof ANSWERS)[number];

const PAGE = '<!DOCTYPE html><html><head><title>Not Found</title></head><body>Nothing is served here.</body></html>';

/** Resources that the account was not granted, with how each is answered. `$metadata` has them all the same. */
export function refusedResources({ store }: Pick<World, 'store'>): Readonly<Record<string, Answer>> {
  return (store.setting('grants') ?? {}) as Readonly<Record<string, Answer>>;
}

/** @throws Refusal 403 or 404 where the account was not granted the resource */
export function checkGrant(world: Pick<World, 'store'>, name: string): void {
  switch (refusedResources(world)[name]) {
    case undefined:
      return;
    case 'forbidden':
      throw new Refusal(403, `The account has no access to ${name}`);
    case 'not-found':
      throw notFound(`Resource not found for the segment '${name}'`);
    case 'html':
      throw new Refusal(404, `${name} is not served`, {
        page: PAGE,
        headers: { 'content-type': 'text/html;charset=utf-8' },
      });
  }
}

/** Takes resources away from the account, besides those that it lacks already; the message says what is wrong. */
export function refuseResources(world: World, { resources, answer = 'forbidden' }: Json): string | undefined {
  const schema = currentSchema(world);
  if (!Array.isArray(resources) || resources.length === 0) return 'resources must be a list of names';
  const stranger = (resources as unknown[]).find((name) => schema.resource(String(name)) === undefined);
  if (stranger !== undefined) return `there is no resource ${String(stranger)}`;
  if (!ANSWERS.some((one) => one === answer)) return `answer must be one of ${ANSWERS.join(', ')}`;
  const refused = Object.fromEntries(resources.map((name) => [String(name), answer]));
  world.store.setSetting('grants', { ...world.store.setting('grants'), ...refused });
  return undefined;
}
