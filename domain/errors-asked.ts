import type { ErrorEntry } from './errors.ts';

/** What was sent or asked, and cannot be taken or done: of webhooks, of people and of their programs. */
export const askedErrors = {
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
  SEQUENCE_NO_DRAFT: {
    status: 404,
    title: 'The sequence has no draft',
    hint: 'Save one: leadwright sequences draft FILE.',
  },
  SEQUENCE_NEEDS: {
    status: 409,
    title: 'The location lacks what the sequence needs',
    hint: 'Connect what is named, or enrol in a sequence that does without it.',
  },
  ENROLMENT_UNKNOWN: {
    status: 404,
    title: 'The lead has no such enrolment',
    hint: 'List them: leadwright leads enrolments LEAD.',
  },
  ENROLMENT_STATE: {
    status: 409,
    title: 'The enrolment does not stand so that this can be done',
    hint: 'Look how it stands: leadwright leads enrolments LEAD.',
  },
  DRAFT_UNKNOWN: {
    status: 404,
    title: 'No such drafted reply is known in this location',
    hint: 'List them: leadwright assistant drafts --location LOCATION.',
  },
  DRAFT_STATE: {
    status: 409,
    title: 'The drafted reply does not wait for anybody any more',
    hint: 'Look how it stands: leadwright assistant drafts --location LOCATION; a newer message of the lead gets a new one.',
  },
  DRAFT_WORDS: {
    status: 422,
    title: 'These words do not go out in the place of the draft',
    hint: 'Change what the detail names and approve again: leadwright assistant approve DRAFT --text WORDS.',
  },
  ASSISTANT_ABSENT: {
    status: 409,
    title: 'There is no assistant to be asked',
    hint: 'Set ANTHROPIC_API_KEY, and give the location a budget: leadwright settings set --location LOCATION budgets.',
  },
  PREVIEW_REFUSED: {
    status: 409,
    title: 'A preview does not go to this contact',
    hint: 'Give your own contact the tag leadwright-preview and your consent tag, and write a text to the location from your phone.',
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
  CONSENT_TEXT_TAKEN: {
    status: 409,
    title: 'This version has other words',
    hint: 'A version never changes: give the new words a new one.',
  },
  CONSENT_TEXT_UNKNOWN: {
    status: 422,
    title: 'No such text is known, or it is not for this channel',
    hint: 'See them: leadwright consent text list; add it: leadwright consent text add.',
  },
  REGISTRY_LOAD_UNKNOWN: {
    status: 404,
    title: 'No such load is under way',
    hint: 'Begin one: leadwright consent registry import.',
  },
  REGISTRY_INCOMPLETE: {
    status: 409,
    title: 'A part of the list is missing',
    hint: 'Import the file again, from its beginning.',
  },
  DATASET_SCHEMA: {
    status: 422,
    title: 'The schema of the data set is not valid',
    hint: 'Compare it with the schemas in test/fixtures/datasets; docs/scoring.md explains each key.',
  },
  FEATURE_REFUSED: {
    status: 422,
    title: 'The model must not use a feature',
    hint: 'Take it out of the schema, let the model decide at a later stage, or train with --leave-out.',
  },
  DATASET_UNUSABLE: {
    status: 422,
    title: 'The data cannot be learned from, or do not fit the schema',
    hint: 'Mend the file or the schema as the message says.',
  },
  PUSH_TOKEN: {
    status: 401,
    title: 'No valid token of the push came with the events',
    hint: 'Have the vendor send Authorization: Bearer with the value of RESO_PUSH_TOKEN.',
  },
} as const satisfies Record<string, ErrorEntry>;
