import { z } from 'zod';
import { route } from './route.ts';

const token = z.object({ token: z.string().min(1).max(600) });
const others = {
  404: { says: 'A page: the link is of no use here' },
  429: { says: 'A page: too many at once from one address; `Retry-After`' },
};

export const showUnsubscribe = route({
  method: 'get',
  path: '/u/{token}',
  summary: 'Page of the link in an e-mail. Looking at it changes nothing: programs that check e-mails open links',
  auth: 'none',
  params: token,
  answers: { 200: { says: 'A page that asks for one click' }, ...others },
  errors: [],
});

export const useUnsubscribe = route({
  method: 'post',
  path: '/u/{token}',
  summary:
    'No more e-mails to this person from this location, at once; also one-click by RFC 8058. `again=yes` takes it back',
  auth: 'none',
  params: token,
  answers: {
    200: { says: 'A page: done' },
    ...others,
    503: { says: 'A page: the database is away; nothing was done' },
  },
  errors: [],
});
