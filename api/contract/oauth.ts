import { z } from 'zod';
import { route } from './route.ts';

/** What a browser is sent back with; none of it is trusted before it is checked. Foreign parameters are not looked at. */
const text = z.string().min(1).max(4000).optional();

export const startOAuth = route({
  method: 'get',
  path: '/oauth/ghl/start',
  summary: 'Install: sends the browser to the marketplace of GoHighLevel',
  auth: 'none',
  /** `agency`: also asks for what is needed to serve all locations of an agency. */
  query: z.object({ for: z.enum(['location', 'agency']).default('location') }),
  answers: {
    302: { says: 'On to the marketplace' },
    503: { says: 'A page: installing is not set up, or the database is away' },
  },
  errors: ['BAD_QUERY'],
});

export const endOAuth = route({
  method: 'get',
  path: '/oauth/ghl/callback',
  summary: 'Install: where the marketplace sends the browser back to',
  auth: 'none',
  query: z.object({ code: text, state: text, error: text }),
  answers: {
    200: { says: 'A page: installed' },
    400: { says: 'A page: not begun here, not in this browser, too late, or the code is of no worth' },
    403: { says: 'A page: access was not granted' },
    502: { says: 'A page: the CRM does not accept our own client' },
    503: { says: 'A page: the CRM or the database does not answer' },
  },
  errors: ['BAD_QUERY'],
});
