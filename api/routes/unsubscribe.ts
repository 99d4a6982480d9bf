import { raw, type Request, type Response, Router } from 'express';
import { consentEvent, consentEvents } from '../../domain/consent/consent-events.ts';
import { errors, isAppError } from '../../domain/errors.ts';
import type { Dispatchable, InboxStore, NewInboxEvent } from '../../domain/ports/inbox.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { SuppressionStore } from '../../domain/ports/suppressions.ts';
import type { UnsubscribeGrant, UnsubscribeLinks } from '../../domain/ports/unsubscribe-links.ts';
import { sha256 } from '../../platform/secrets.ts';
import { showUnsubscribe } from '../contract/unsubscribe.ts';
import { expressPath } from '../mount.ts';
import { createRateLimit, type RateLimit, type Take } from '../rate-limit.ts';
import { requestIdOf } from '../request-id.ts';
import { againPage, askPage, busyPage, stoppedPage, uselessPage } from '../unsubscribe-pages.ts';

export interface UnsubscribeRouteDeps {
  readonly unsubscribeLinks: Pick<UnsubscribeLinks, 'read'>;
  readonly suppressions: Pick<SuppressionStore, 'holding' | 'bearers'>;
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly onCommitted: (row: Dispatchable) => void;
  readonly log: Log;
  readonly now: () => Date;
  /** Absent: that of below. */
  readonly unsubscribeLimit?: RateLimit | undefined;
}

/** Mail providers use links of many people from a few addresses of theirs. */
const OF_ADDRESS: RateLimit = { burst: 120, perSecond: 20 };
/** A form of one field, and whatever else a mail provider may post. */
const BODY_LIMIT = 65_536;

/**
 * The link in our e-mails, used by people, by programs that look at links before people do, and by mail providers whose own button people
 * pressed (RFC 8058). Looking changes nothing, using it does at once; either is done without a cookie, a login or a script.
 */
export function unsubscribeRoutes(deps: UnsubscribeRouteDeps): Router {
  const router = Router();
  const ofAddress = createRateLimit(deps.unsubscribeLimit ?? OF_ADDRESS, () => deps.now().getTime());
  const path = expressPath(showUnsubscribe.path);
  // A GET's route answers HEAD as well.
  router.get(
    path,
    shown(deps, ofAddress, () => Promise.resolve(askPage())),
  );
  router.post(
    path,
    raw({ type: () => true, limit: BODY_LIMIT, inflate: false }),
    shown(deps, ofAddress, (grant, req) => (asksAgain(req.body) ? subscribe(deps, grant) : unsubscribe(deps, grant))),
  );
  return router;
}

/** What anybody sees is a page, and of a link that is of no use they learn no more than that. */
function shown(
  deps: UnsubscribeRouteDeps,
  ofAddress: Take,
  answer: (grant: UnsubscribeGrant, req: Request) => Promise<string>,
): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const waitMs = ofAddress(req.ip ?? '');
    if (waitMs > 0) {
      busy(res, 429, waitMs);
      return;
    }
    const { token = '' } = req.params as Record<string, string | undefined>;
    const grant = deps.unsubscribeLinks.read(token);
    if (grant === undefined) {
      send(res, 404, uselessPage());
      return;
    }
    try {
      send(res, 200, await answer(grant, req));
    } catch (error) {
      const code = isAppError(error) ? error.code : 'INTERNAL';
      deps.log.error({ err: error, requestId: requestIdOf(res) }, 'the link of an e-mail could not be used');
      // A database that takes nothing asks a webhook to come again by its 429; here it is no limit of the caller's.
      busy(res, errors[code].status === 500 ? 500 : 503, 5000);
    }
  };
}

function busy(res: Response, status: number, waitMs: number): void {
  res.setHeader('Retry-After', String(Math.ceil(waitMs / 1000)));
  send(res, status, busyPage());
}

/** The field of the form on the page that says it is done; whatever else is posted stops the e-mails. */
function asksAgain(body: unknown): boolean {
  return Buffer.isBuffer(body) && new URLSearchParams(body.toString('utf8')).get('again') === 'yes';
}

/** Used again it changes nothing, unless it was taken back in between. */
async function unsubscribe(deps: UnsubscribeRouteDeps, grant: UnsubscribeGrant): Promise<string> {
  const { isStopped } = await standing(deps, grant);
  if (!isStopped) await told(deps, grant, true);
  return stoppedPage();
}

async function subscribe(deps: UnsubscribeRouteDeps, grant: UnsubscribeGrant): Promise<string> {
  const { isStopped, isOff } = await standing(deps, grant);
  if (isStopped) await told(deps, grant, false);
  return againPage(isOff);
}

/** `isStopped`: by a link of ours; `isOff`: by anything else. */
async function standing({ suppressions }: UnsubscribeRouteDeps, { locationId, personHash, channel }: UnsubscribeGrant) {
  const reasons = await suppressions.holding(locationId, personHash, channel);
  return { isStopped: reasons.includes('link'), isOff: reasons.some((reason) => reason !== 'link') };
}

/**
 * One event for each lead that bears the address. The first is committed together with the suppression; a lead that does not hear of it
 * because we died in between is kept from e-mails all the same.
 */
async function told(deps: UnsubscribeRouteDeps, grant: UnsubscribeGrant, bars: boolean): Promise<void> {
  const { locationId, contactId, personHash, channel, sendId } = grant;
  const now = deps.now().toISOString();
  const type = bars ? consentEvents.unsubscribed : consentEvents.resubscribed;
  const event = (one: string): NewInboxEvent => {
    const facts = { sendId, channel };
    return consentEvent({ locationId, contactId: one }, type, { key: `${sendId}:${now}`, at: now, facts }, sha256);
  };
  await accept(deps, { ...event(contactId), link: { of: 'us', personHashes: [personHash], channel, bars } });
  const others = (await deps.suppressions.bearers(locationId, personHash)).filter((one) => one !== contactId);
  for (const one of others) await accept(deps, event(one));
}

async function accept({ inbox, onCommitted }: UnsubscribeRouteDeps, event: NewInboxEvent): Promise<void> {
  const accepted = await inbox.accept(event);
  if (accepted.kind !== 'accepted') return;
  const { inboxId, receivedAt } = accepted;
  const { kind, type, locationId, contactId } = event;
  onCommitted({ inboxId, receivedAt, kind, type, locationId, contactId });
}

/** The one form that a page of ours has goes to where the page is. */
function send(res: Response, status: number, html: string): void {
  res.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  );
  res.status(status).type('html').send(html);
}
