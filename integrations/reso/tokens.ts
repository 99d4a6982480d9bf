import { AppError } from '../../domain/errors.ts';
import type { Exchange } from './exchange.ts';
import type { VendorHabits } from './vendors.ts';
import { verdictOf } from './verdict.ts';

/** How we show the feed who we are. */
export type FeedCredentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'client'; readonly id: string; readonly secret: string; readonly tokenUrl: string };

export interface FeedTokens {
  /** Errors: FEED_REFUSED (client and secret), FEED_AWAY, FEED_BUSY, FEED_BROKEN of the place that issues tokens. */
  current(): Promise<string>;
  /** The feed did not take this token. @returns a newer one, or null where there is none to be had */
  newer(refused: string): Promise<string | null>;
}

/** Renewed so long before its end, or a tenth of its life, whichever is shorter. */
const MARGIN_MS = 60_000;

interface Issued {
  readonly token: string;
  /** Null: the vendor does not say how long it lives. */
  readonly endsAt: number | null;
  readonly renewAt: number | null;
}

/** OAuth 2 client credentials (RFC 6749, 4.4), or a token that somebody else issued. One renewal at a time, whoever asks. */
export function createTokens(
  credentials: FeedCredentials,
  exchange: Exchange,
  habits: VendorHabits,
  now: () => number,
): FeedTokens {
  if (credentials.kind === 'token') {
    return { current: () => Promise.resolve(credentials.token), newer: () => Promise.resolve(null) };
  }
  let issued: Issued | undefined;
  let renewing: Promise<Issued> | undefined;
  const renew = (): Promise<Issued> => {
    renewing ??= issue(credentials, exchange, habits, now).finally(() => (renewing = undefined));
    return renewing;
  };
  return {
    async current() {
      if (issued !== undefined && (issued.renewAt === null || now() < issued.renewAt)) return issued.token;
      try {
        issued = await renew();
      } catch (error) {
        // Renewing began early so that a place that is away for a moment stops nothing.
        if (issued?.endsAt == null || now() >= issued.endsAt) throw error;
      }
      return issued.token;
    },
    async newer(refused) {
      if (issued === undefined || issued.token === refused) issued = await renew();
      return issued.token === refused ? null : issued.token;
    },
  };
}

async function issue(
  { id, secret, tokenUrl }: Extract<FeedCredentials, { kind: 'client' }>,
  exchange: Exchange,
  habits: VendorHabits,
  now: () => number,
): Promise<Issued> {
  const { scope, clientIn } = habits.oauth;
  const askedAt = now();
  const answer = await exchange({
    url: tokenUrl,
    headers: {
      accept: 'application/json',
      ...(clientIn === 'header' ? { authorization: `Basic ${basic(id, secret)}` } : {}),
    },
    form: {
      grant_type: 'client_credentials',
      ...(scope === null ? {} : { scope }),
      ...(clientIn === 'form' ? { client_id: id, client_secret: secret } : {}),
    },
  });
  const verdict = verdictOf(answer, habits, 'the token', [secret], now());
  if (verdict.kind === 'absent') {
    throw new AppError(
      'FEED_BROKEN',
      'the token: expected a place that issues tokens at RESO_TOKEN_URL; there is none',
    );
  }
  if (verdict.kind !== 'yes') {
    // The place says 400 for a client that it does not know (RFC 6749, 5.2).
    const refused = verdict.error.code === 'FEED_BAD_REQUEST';
    throw refused ? new AppError('FEED_REFUSED', verdict.error.message) : verdict.error;
  }
  return read(answer.text, askedAt);
}

function read(text: string, askedAt: number): Issued {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const { access_token: token, expires_in: expires, token_type: type } = (json ?? {}) as Record<string, unknown>;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new AppError('FEED_BROKEN', 'the token: expected JSON with an access_token; the answer has none');
  }
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    throw new AppError('FEED_BROKEN', 'the token: expected one of type Bearer; it is of another type');
  }
  const lifeMs = expires === undefined || expires === null || expires === '' ? Number.NaN : Number(expires) * 1_000;
  if (!Number.isFinite(lifeMs) || lifeMs <= 0) return { token, endsAt: null, renewAt: null };
  return { token, endsAt: askedAt + lifeMs, renewAt: askedAt + lifeMs - Math.min(MARGIN_MS, lifeMs / 10) };
}

/** RFC 6749, 2.3.1: both are written as in a form before they are joined. */
function basic(id: string, secret: string): string {
  return Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
}
