/** What came of a call. A value, never an exception: whether a byte was written decides what may be done next. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** The parsed body; undefined when it is not JSON, whatever its content type claims. */
      readonly json: unknown;
      readonly headers: Readonly<Record<string, string>>;
      /** The vendor's id of the call, for its support. */
      readonly traceId: string | undefined;
      /** Our clock when the call began: the answer is at least as fresh as that. */
      readonly startedAt: number;
    }
  | {
      readonly kind: 'failed';
      /** False only when it is certain that no byte of the request left us. */
      readonly written: boolean;
      /** Code of the failure, such as ECONNREFUSED; free of addresses and content. */
      readonly reason: string;
      readonly cause: unknown;
    }
  /** The location's budget of calls does not allow one now, or too many of its calls wait for an answer, so nothing was asked. */
  | { readonly kind: 'held'; readonly why: 'burst' | 'blocked' | 'daily' | 'silent'; readonly retryAfterMs: number }
  /** There is no token for the location, so nothing was asked. */
  | { readonly kind: 'no-token' };

export type Answer = Extract<Reply, { kind: 'answer' }>;

/**
 * Is it the token that was refused, so that a newer one would help? The vendor answers 401 also to a missing or unknown `Version`, to
 * a token of another location, to one without the scope and in a suspended location, and a proxy may answer it with a page.
 */
export function saysTokenRefused(reply: Reply): boolean {
  if (reply.kind !== 'answer' || reply.status !== 401 || isPage(reply)) return false;
  return !saysVersionWrong(reply) && !saysNotAllowed(reply) && !saysLocationInactive(reply);
}

/** A web page is the word of something between us and the vendor, such as a proxy, and says nothing about our request. */
export function isPage(reply: Answer): boolean {
  return /html/i.test(reply.headers['content-type'] ?? '') && !isObject(reply.json);
}

export function saysVersionWrong({ status, json }: Answer): boolean {
  return status === 401 && /version header/i.test(messageOf(json));
}

export function saysNotAllowed({ status, json }: Answer): boolean {
  const message = messageOf(json);
  return (
    (status === 403 && isObject(json)) ||
    /does not have access to this location/i.test(message) ||
    (status === 401 && /not authori[sz]ed for this scope/i.test(message))
  );
}

/**
 * Does the answer say that the contact does not exist? GHL says so with 400 or 404 and a sentence; both also have other meanings
 * (a missing id, an unknown route, a proxy's page), so the sentence must name the contact.
 */
export function saysContactGone(reply: Reply): boolean {
  if (!saysNo(reply)) return false;
  const message = messageOf(reply.json);
  const named =
    /^(the )?contact( with)?( id)?[:= ]*['"]?[\w-]*['"]?,? (was |is )?(not found|does(n't| not) exist|(has been )?deleted)/i;
  return named.test(message) || /^no (such )?contact\b/i.test(message);
}

/**
 * Does the answer say that what it was asked for does not exist, whatever it is? An unknown route is another matter, and so is a location
 * that is not found: it says nothing of what is in it.
 */
export function saysGone(reply: Reply): boolean {
  if (!saysNo(reply)) return false;
  const message = messageOf(reply.json);
  if (/^(the |no (such )?)?(sub-?account|location)\b/i.test(message)) return false;
  return /not found|does(n't| not) exist|\bdeleted\b|^no (such )?\w+ found|^not? (such|enrolled)/i.test(message);
}

export function saysLocationInactive({ status, json }: Answer): boolean {
  return status >= 400 && status < 500 && /location\b.*(not active|inactive)|inactive location/i.test(messageOf(json));
}

/** No sentence of the vendor is longer; what is asked of it here must not take long, whatever it is. */
const MESSAGE_MAX = 1_000;

/** A string, or a list of strings in 422 answers. */
export function messageOf(json: unknown): string {
  const message = isObject(json) ? json['message'] : undefined;
  const parts = Array.isArray(message) ? message.slice(0, 20) : [message];
  return parts
    .filter((part) => typeof part === 'string')
    .map((part) => part.slice(0, MESSAGE_MAX))
    .join('; ')
    .slice(0, MESSAGE_MAX);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function saysNo(reply: Reply): reply is Answer {
  return reply.kind === 'answer' && (reply.status === 400 || reply.status === 404) && isObject(reply.json);
}
