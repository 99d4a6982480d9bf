import type { Incoming } from './incoming.ts';
import { text } from './context.ts';
import type { Event } from './events.ts';
import { install, installEvent, newCode } from './installs.ts';
import { appOf } from './settings.ts';
import type { Store } from './store.ts';

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly events: readonly Event[];
}

const PATHS = ['/oauth/chooselocation', '/v2/oauth/chooselocation'];

/**
 * The page of GHL's marketplace on which an administrator chooses where an app goes. With `_approve=<location or company>` nobody
 * has to click: the answer is at once the way back to the app. Undefined: another path.
 */
export function marketplacePage(store: Store, { method, path, query, at }: Incoming): Page | undefined {
  if (method !== 'GET' || !PATHS.includes(path)) return undefined;
  const app = appOf(store);
  const redirectUri = text(query['redirect_uri']);
  if (query['client_id'] !== app.clientId) return refused('No app has this client_id.');
  if (redirectUri === undefined || !app.redirectUris.includes(redirectUri))
    return refused('The app has not registered this redirect_uri.');
  if (query['response_type'] !== 'code') return refused('response_type must be code.');
  const holderId = text(query['_approve']);
  if (holderId === undefined) return { status: 200, headers: HTML, body: choices(store, path, query), events: [] };
  const locations = typeof query['_locations'] === 'string' ? query['_locations'].split(',') : undefined;
  const userId = text(query['_user']);
  const installs = install(store, { holderId, locations, userId, scope: text(query['scope']) ?? '', now: at });
  if (installs === undefined) return refused('There is no such location or company.');
  const back = new URL(redirectUri);
  back.searchParams.set('code', newCode(store, holderId, redirectUri, at));
  if (typeof query['state'] === 'string') back.searchParams.set('state', query['state']);
  const early = app.installFires === 'before-exchange';
  return {
    status: 302,
    headers: { location: back.href },
    body: '',
    events: early ? installs.map((one): Event => ['INSTALL', installEvent(store, one)]) : [],
  };
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };

function refused(why: string): Page {
  return { status: 400, headers: HTML, body: document(`<h1>Error</h1><p>${why}</p>`), events: [] };
}

function choices(store: Store, path: string, query: Incoming['query']): string {
  const link = (id: string, name: string): string => {
    const next = new URLSearchParams({ ...(query as Record<string, string>), _approve: id });
    return `<li><a href="${escaped(`${path}?${next.toString()}`)}">${escaped(name)}</a></li>`;
  };
  const locations = [...store.all('locations')];
  const companies = [...new Set(locations.map((location) => String(location['companyId'])))];
  return document(
    [
      '<h1>Choose a location</h1><ul>',
      ...locations.map((location) => link(location.id, text(location['name']) ?? location.id)),
      '</ul><h1>Or an agency with all its locations</h1><ul>',
      ...companies.map((id) => link(id, text(store.get('companies', id)?.['name']) ?? id)),
      '</ul>',
    ].join('\n'),
  );
}

function document(body: string): string {
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Marketplace</title></head><body>\n${body}\n</body></html>\n`;
}

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
