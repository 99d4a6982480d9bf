/**
 * The one table of errors. A code is stable for ever; `docs/errors.md` explains each and a test holds both together.
 * Messages say what was expected, what came and what to do next; they never carry secrets or a lead's words.
 */
export interface ErrorEntry {
  /** HTTP status where the error reaches a caller. */
  readonly status: number;
  readonly title: string;
  /** What the reader can do next. */
  readonly hint: string;
}

export const errors = {
  SIGNATURE_MISSING: {
    status: 401,
    title: 'The request carries no usable signature',
    hint: 'Send X-GHL-Signature: base64 Ed25519 over the raw body.',
  },
  SIGNATURE_INVALID: {
    status: 401,
    title: 'The signature does not fit the body',
    hint: 'Sign the exact bytes that are sent; check GHL_WEBHOOK_KEYS_FILE.',
  },
  CONTENT_TYPE: { status: 415, title: 'The body is not JSON', hint: 'Send Content-Type: application/json.' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is larger than this door takes', hint: 'Send a smaller body.' },
  BODY_MALFORMED: {
    status: 400,
    title: 'The body is not a JSON object we can read',
    hint: 'Check the JSON and its depth.',
  },
  EVENT_FROM_FUTURE: {
    status: 400,
    title: 'The event is dated more than five minutes ahead',
    hint: "Check the sender's clock.",
  },
  APP_UNKNOWN: { status: 403, title: 'The event belongs to another app', hint: 'Check GHL_APP_ID.' },
  LOCATION_UNKNOWN: {
    status: 403,
    title: 'The location is not installed here',
    hint: 'Install it: leadwright locations add.',
  },
  WORKFLOW_SECRET: {
    status: 404,
    title: 'Nothing is here',
    hint: 'Check the secret in the path or in X-Webhook-Secret.',
  },
  ACTIVITY_SECRET: {
    status: 404,
    title: 'Nothing is here',
    hint: 'Check the secret in the path; leadwright locations activity makes a new one.',
  },
  ACTIVITY_ORIGIN: {
    status: 403,
    title: 'Pages of this origin may not post here',
    hint: 'List the origin: leadwright locations activity --origin.',
  },
  ACTIVITY_RATE: {
    status: 429,
    title: 'Too many posts of behaviour at once',
    hint: 'Send them again after Retry-After seconds; put several events into one post.',
  },
  ACTIVITY_MALFORMED: {
    status: 400,
    title: 'No event of the post can be kept',
    hint: 'Send one to a hundred events, each with a kind: docs/site-activity.md.',
  },
  ACTIVITY_UNKNOWN: {
    status: 404,
    title: 'No such behaviour is known of this lead',
    hint: 'Read what is known: GET /api/leads/{locationId}/{contactId}/activity.',
  },
  OUTCOME_SET: {
    status: 409,
    title: 'The event has another outcome already',
    hint: 'An outcome is written once; it stays.',
  },
  EVENT_CONFLICT: { status: 409, title: 'This event id was used with another body', hint: 'Use a fresh id per event.' },
  CANNOT_STORE: {
    status: 429,
    title: 'The event could not be stored now',
    hint: 'Send it again after Retry-After seconds.',
  },
  UNAUTHORIZED: {
    status: 401,
    title: 'No valid operator token came with the request',
    hint: 'Send Authorization: Bearer with the token from the banner or LEADWRIGHT_API_TOKEN.',
  },
  NOT_FOUND: { status: 404, title: 'Nothing is here', hint: 'See /docs for the routes.' },
  BAD_REQUEST: {
    status: 400,
    title: 'The request body does not have the expected shape',
    hint: 'Compare it with /openapi.json; the problems are listed by path.',
  },
  BAD_QUERY: {
    status: 400,
    title: 'A path or query parameter is not usable',
    hint: 'Compare it with /openapi.json; the problems are listed by path.',
  },
  LEAD_UNKNOWN: {
    status: 404,
    title: 'No such lead is known in this location',
    hint: 'A lead appears with its first event; check both ids.',
  },
  ACTION_UNKNOWN: {
    status: 404,
    title: 'No such action of this lead is known',
    hint: 'List them: leadwright leads actions LEAD.',
  },
  UNDO_NONE: {
    status: 409,
    title: 'The action has no undo',
    hint: 'The detail says why, and what helps instead.',
  },
  UNDO_DONE: {
    status: 409,
    title: 'The action is undone already',
    hint: 'Nothing to do: an action is undone once.',
  },
  UNDO_CHANGED: {
    status: 409,
    title: 'Somebody has changed it since, and that stands',
    hint: 'Look at it in GoHighLevel and change it there, if it is to be changed.',
  },
  SEQUENCE_INVALID: {
    status: 422,
    title: 'The sequence document is not valid',
    hint: 'Check it: leadwright sequences lint FILE.',
  },
  SEQUENCE_UNKNOWN: {
    status: 404,
    title: 'No such sequence is published',
    hint: 'List them: leadwright sequences list.',
  },
  EVENT_UNKNOWN: {
    status: 404,
    title: 'No such event is in the inbox',
    hint: 'List them: leadwright webhooks list.',
  },
  EVENT_STATE: {
    status: 409,
    title: 'The event is not in a state that allows this',
    hint: 'Only a parked event can be ignored, only one with a final verdict replayed: leadwright webhooks show.',
  },
  REPLAY_UNKNOWN: {
    status: 404,
    title: 'No such replay was begun',
    hint: 'Begin one: leadwright webhooks replay --from … --to … --apply.',
  },
  REPLAY_EMPTY: {
    status: 409,
    title: 'There is nothing to replay',
    hint: 'See what the range holds: leadwright webhooks list; only events with a final verdict are replayed.',
  },
  REPLAY_TOO_LARGE: {
    status: 422,
    title: 'The range holds more events than one replay takes',
    hint: 'Narrow it by time, location or type, and replay one range after the other.',
  },
  SEND_UNKNOWN: {
    status: 404,
    title: 'No such send is known of this lead',
    hint: 'List those that need somebody: leadwright sends unknown.',
  },
  SEND_NOT_SURE: {
    status: 409,
    title: 'What may have gone out is not sent again by guess',
    hint: 'Look into the conversation in the CRM; if the message is surely not there, say so: --sure.',
  },
  LOCATION_NOT_FOUND: {
    status: 404,
    title: 'No such location is installed here',
    hint: 'List them: leadwright locations list.',
  },
  LOCATION_UNINSTALLED: {
    status: 409,
    title: 'The location has uninstalled the app',
    hint: 'Install it again: leadwright locations add.',
  },
  SETTINGS_INVALID: {
    status: 422,
    title: 'The settings do not hold together',
    hint: 'Mend every problem listed; docs/settings.md explains each choice.',
  },
  SETTINGS_CONFLICT: {
    status: 409,
    title: 'The settings were changed meanwhile',
    hint: 'Read them again, and change the version that is in force now.',
  },
  SETTINGS_UNKNOWN: {
    status: 404,
    title: 'The location has no such version of its settings',
    hint: 'List them: leadwright settings history.',
  },
  CLAIM_TAKEN: {
    status: 409,
    title: 'Another agent was first',
    hint: 'Nothing to do: the lead is theirs.',
  },
  CLAIM_NOT_OFFERED: {
    status: 409,
    title: 'The lead is not there to be claimed',
    hint: 'See who has it: leadwright leads show.',
  },
  AGENT_UNKNOWN: {
    status: 422,
    title: 'Leads of this location are not assigned to this agent',
    hint: 'List the agents: leadwright settings get assignment.',
  },
  STORE_AWAY: {
    status: 503,
    title: 'The database does not answer',
    hint: 'Try again shortly; /readyz shows what is away.',
  },
  STORE_RESTORED: {
    status: 503,
    title: 'The database was restored from an older backup, and nobody said so',
    hint: 'Stop all processes, run leadwright db restored, start again: docs/operations.md, Backup and restore.',
  },
  TEMPORAL_UNAVAILABLE: {
    status: 503,
    title: 'Temporal does not answer',
    hint: 'What was asked is stored and delivered when Temporal is back; /readyz shows what is away.',
  },
  EVENT_POISON: {
    status: 500,
    title: 'An event could not be worked and is parked',
    hint: 'See its reason: leadwright webhooks show; then replay it.',
  },
  PLAN_OVERTAKEN: {
    status: 409,
    title: 'An attempt to bring the CRM to a plan gave way to a newer plan',
    hint: 'Nothing to do: the newer plan is applied by itself.',
  },
  TASK_TIMEOUT: {
    status: 503,
    title: 'A required task of a level did not finish in time',
    hint: 'It is repeated; if it stays, see which task /metrics names.',
  },
  INTERNAL: {
    status: 500,
    title: 'Something failed that should not',
    hint: 'Quote the request id; the log holds the cause under it.',
  },
  CONFIG_INVALID: {
    status: 500,
    title: 'The configuration is not usable',
    hint: 'Mend every name listed; docs/config.md explains each.',
  },
  KEY_DAMAGED: {
    status: 500,
    title: 'A key file in the home folder is damaged',
    hint: 'Restore it from a backup; removing it makes what it sealed unreadable.',
  },
  BAD_CURSOR: {
    status: 400,
    title: 'The cursor does not belong to this query',
    hint: 'Use nextCursor of the page before, with the same filters and sort.',
  },
  BAD_VALUE: {
    status: 400,
    title: 'A value cannot be stored as it is',
    hint: 'Check its type, its range and its characters.',
  },
  SEND_STATE: {
    status: 409,
    title: 'The send is not in a state that allows this',
    hint: 'Read the send again; somebody else has settled it.',
  },
  MIGRATION_CHANGED: {
    status: 500,
    title: 'A migration was edited after it had been applied',
    hint: 'Restore the file; put the change into a new one.',
  },
  MIGRATION_INVALID: {
    status: 500,
    title: 'The migrations folder is not in order',
    hint: 'Name files NNNN-name.sql, each number once, new ones last.',
  },
  MIGRATION_FAILED: {
    status: 500,
    title: 'A migration statement failed',
    hint: 'The cause names the reason; mend it and run migrate again.',
  },
  MIGRATION_LOCKED: {
    status: 500,
    title: 'A migration waited too long for a lock',
    hint: 'End the long transaction that holds it and run migrate again.',
  },
  LOGIN_REFUSED: {
    status: 500,
    title: "The product's own database login does not stand",
    hint: 'Run leadwright migrate; where it may not make logins, make one as docs/operations.md says and name it in DATABASE_APP_URL.',
  },
  CREDENTIAL_UNREADABLE: {
    status: 500,
    title: 'A stored token cannot be opened',
    hint: 'Restore keys/master.key from the backup; without it install the location again.',
  },
  OAUTH_NOT_SET_UP: {
    status: 503,
    title: 'Installing from here is not set up',
    hint: 'Set GHL_CLIENT_ID and GHL_CLIENT_SECRET, or add locations with private integration tokens.',
  },
  OAUTH_STATE: {
    status: 400,
    title: 'This install was not begun here, or not in this browser, or too long ago',
    hint: 'Begin again at /oauth/ghl/start and stay in one browser.',
  },
  OAUTH_DENIED: {
    status: 403,
    title: 'Access was not granted',
    hint: 'Begin again, and choose the location or agency as one of its admins.',
  },
  OAUTH_CODE: {
    status: 400,
    title: 'The CRM did not take the code of this install',
    hint: 'Codes are used once and live for minutes: begin again.',
  },
  OAUTH_CLIENT: {
    status: 502,
    title: 'The CRM does not accept our own client id and secret',
    hint: 'Compare GHL_CLIENT_ID and GHL_CLIENT_SECRET with the app in the marketplace.',
  },
  CRM_UNAVAILABLE: {
    status: 503,
    title: 'The CRM does not answer as it should',
    hint: 'It is tried again by itself; see the status page of GoHighLevel.',
  },
  CRM_RATE_LIMITED: {
    status: 429,
    title: 'The CRM asks us to slow down',
    hint: 'It is tried again when the CRM allows; other apps of the location share the limit.',
  },
  CRM_DAILY_SPENT: {
    status: 429,
    title: "The location's calls to the CRM are used up for today",
    hint: 'It goes on by itself when the CRM counts anew; see which app of the location calls so much.',
  },
  CRM_AUTH: {
    status: 502,
    title: 'The CRM does not accept the token of the location',
    hint: 'Give a valid token: leadwright locations add.',
  },
  CRM_FORBIDDEN: {
    status: 502,
    title: 'The token may not do this in this location',
    hint: "Compare the token's scopes and location with docs/operations.md.",
  },
  CRM_LOCATION_INACTIVE: {
    status: 502,
    title: 'The CRM says that the location is not active',
    hint: 'It is tried again by itself; ask the agency why the sub-account is suspended.',
  },
  CRM_NOT_FOUND: { status: 404, title: 'The CRM does not know this', hint: 'Check the id; it may have been deleted.' },
  CRM_BAD_REQUEST: {
    status: 502,
    title: 'The CRM refuses what we asked as malformed',
    hint: 'Report it with the trace id; asking again will not help.',
  },
  CRM_DUPLICATE: {
    status: 409,
    title: 'The CRM has this already',
    hint: 'Use the one that exists.',
  },
  CRM_FIELD_UNKNOWN: {
    status: 409,
    title: 'A custom field is not in the location any more',
    hint: 'It is left out at the next try; make the field anew or take it out of the settings.',
  },
  CRM_FIELD_NOT_TAKEN: {
    status: 502,
    title: 'The CRM said yes to a custom field and did not keep the value',
    hint: 'Compare the type of the field with what is written into it.',
  },
  MODEL_DAMAGED: {
    status: 503,
    title: 'The scoring model cannot be used',
    hint: 'Restore the model file and its manifest from the release, or build them again.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/** An error with a code of the table; `detail` is safe to show and to log. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, detail: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** By name, not by class: errors cross realms (workflow sandbox, jest). */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'code' in error;
}
