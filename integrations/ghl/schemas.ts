import { z } from 'zod';
import type { AnswerOf } from './operations.ts';

/**
 * The parts of GHL's answers that we read, as loosely as they come: nearly every field may be missing, null or empty, and new ones
 * appear without notice. A field of the wrong type becomes undefined (`catch`), so that one odd field never costs the whole answer.
 * Each list of fields is held against the vendor's document: one that is not there does not compile.
 */
type Fields<T> = { readonly [K in keyof Required<T>]?: z.ZodType };
type ItemOf<T> = NonNullable<T> extends readonly (infer I)[] ? I : never;

const text = z.string().nullish().catch(undefined);
const id = z.string().min(1);
const list = z.array(z.unknown());
const word = z.string().optional().catch(undefined);
const channelDnd = z.object({ status: word, message: word, code: word });

type Contact = NonNullable<AnswerOf<'get-contact'>['contact']>;
const contactFields = {
  id: z.string(),
  locationId: text,
  firstName: text,
  lastName: text,
  email: text,
  phone: text,
  timezone: text,
  state: text,
  country: text,
  postalCode: text,
  source: text,
  assignedTo: text,
  dateAdded: text,
  dateUpdated: text,
  tags: list.nullish().catch(undefined),
  customFields: list.nullish().catch(undefined),
  // Unreadable must differ from absent here: the one closes the gate, the other means that nothing is set.
  dnd: z
    .union([z.boolean(), z.null(), z.literal('unreadable')])
    .optional()
    .catch('unreadable'),
  dndSettings: z
    .union([z.record(z.string(), z.union([channelDnd, z.null()])), z.null(), z.literal('unreadable')])
    .optional()
    .catch('unreadable'),
} satisfies Fields<Contact>;
export const contactAnswer = z.object({ contact: z.object(contactFields) } satisfies Fields<AnswerOf<'get-contact'>>);
export type GhlContact = z.infer<typeof contactAnswer>['contact'];
export const fieldItem = z.object({ id, value: z.unknown() } satisfies Fields<ItemOf<Contact['customFields']>>);

/** An update's answer may show the contact as it is now, or only say yes. */
export const updatedAnswer = z.object({
  contact: z.object({ id: contactFields.id, customFields: contactFields.customFields }).optional().catch(undefined),
} satisfies Fields<AnswerOf<'update-contact'>>);

export const anyAnswer = z.object({});

export const customFieldsAnswer = z.object({ customFields: list } satisfies Fields<AnswerOf<'get-custom-fields'>>);
export const customFieldItem = z.object({
  id,
  fieldKey: id,
  name: text,
  dataType: text,
} satisfies Fields<ItemOf<AnswerOf<'get-custom-fields'>['customFields']>>);

export const locationAnswer = z.object({
  location: z.object({ name: text, timezone: text, companyId: text } satisfies Fields<
    NonNullable<AnswerOf<'get-location'>['location']>
  >),
});

export const tasksAnswer = z.object({ tasks: list } satisfies Fields<AnswerOf<'get-all-tasks'>>);
export const taskItem = z.object({ id, title: text, body: text } satisfies Fields<
  ItemOf<AnswerOf<'get-all-tasks'>['tasks']>
>);
export const tasksFoundAnswer = z.object({ tasks: list } satisfies Fields<AnswerOf<'task-search'>>);
export const taskFoundItem = z.object({ _id: text, id: text, contactId: text } satisfies Fields<
  ItemOf<AnswerOf<'task-search'>['tasks']>
>);
export const notesAnswer = z.object({ notes: list } satisfies Fields<AnswerOf<'get-all-notes'>>);
export const noteItem = z.object({ id, body: text } satisfies Fields<ItemOf<AnswerOf<'get-all-notes'>['notes']>>);

export const conversationsAnswer = z.object({ conversations: list } satisfies Fields<AnswerOf<'search-conversation'>>);
export const conversationItem = z.object({ id, contactId: text, locationId: text } satisfies Fields<
  ItemOf<AnswerOf<'search-conversation'>['conversations']>
>);

type MessagePage = AnswerOf<'get-messages'>['messages'];
const messagePage = z.object({
  lastMessageId: text,
  nextPage: z.boolean().nullish().catch(undefined),
  messages: list,
} satisfies Fields<MessagePage>);
/** Documented flat, sent nested under `messages`: both are read. */
export const messagesAnswer = z.union([
  z.object({ messages: messagePage }).transform((answer) => answer.messages),
  messagePage,
]);

export const messageItem = z.object({
  id,
  messageType: text,
  direction: text,
  body: text,
  dateAdded: text,
  source: text,
  userId: text,
  meta: z
    .object({
      email: z
        .object({ messageIds: z.array(z.string()).optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
} satisfies Fields<ItemOf<MessagePage['messages']>>);
export type GhlMessage = z.infer<typeof messageItem>;

export const emailAnswer = z.object({ body: text } satisfies Fields<AnswerOf<'get-email-by-id'>>);

type Opportunity = NonNullable<AnswerOf<'get-opportunity'>['opportunity']>;
export const opportunityItem = z.object({
  id,
  contactId: text,
  locationId: text,
  pipelineId: id,
  pipelineStageId: id,
  // One that we cannot place must not pass for open: it fails the read.
  status: z.enum(['open', 'won', 'lost', 'abandoned']),
  name: text,
  monetaryValue: z.number().nullish().catch(undefined),
  assignedTo: text,
  updatedAt: text,
  lastStageChangeAt: text,
  contact: z.object({ id: text }).nullish().catch(undefined),
} satisfies Fields<Opportunity>);
export type GhlOpportunity = z.infer<typeof opportunityItem>;
export const opportunityAnswer = z.object({ opportunity: opportunityItem } satisfies Fields<
  AnswerOf<'get-opportunity'>
>);
export const opportunitiesAnswer = z.object({
  opportunities: list,
  meta: z
    .object({ startAfter: z.unknown(), startAfterId: z.unknown() } satisfies Fields<
      NonNullable<AnswerOf<'search-opportunity'>['meta']>
    >)
    .nullish()
    .catch(undefined),
} satisfies Fields<AnswerOf<'search-opportunity'>>);

export const pipelinesAnswer = z.object({ pipelines: list } satisfies Fields<AnswerOf<'get-pipelines'>>);
export const pipelineItem = z.object({
  id,
  name: text,
  stages: z.array(z.object({ id, name: text, position: z.number().nullish().catch(undefined) })),
} satisfies Fields<ItemOf<AnswerOf<'get-pipelines'>['pipelines']>>);

export const usersAnswer = z.object({ users: list } satisfies Fields<AnswerOf<'get-user-by-location'>>);
export const userItem = z.object({
  id,
  name: text,
  firstName: text,
  lastName: text,
  email: text,
  deleted: z.boolean().nullish().catch(undefined),
} satisfies Fields<ItemOf<AnswerOf<'get-user-by-location'>['users']>>);

export const calendarsAnswer = z.object({ calendars: list } satisfies Fields<AnswerOf<'get-calendars'>>);
export const workflowsAnswer = z.object({ workflows: list } satisfies Fields<AnswerOf<'get-workflow'>>);
export const numbersAnswer = z.object({ numbers: list } satisfies Fields<AnswerOf<'active-numbers'>>);
export const numberItem = z.object({ phoneNumber: id } satisfies Fields<ItemOf<AnswerOf<'active-numbers'>['numbers']>>);
export const tagsAnswer = z.object({ tags: list } satisfies Fields<AnswerOf<'get-location-tags'>>);
export const tagItem = z.object({ name: id } satisfies Fields<ItemOf<AnswerOf<'get-location-tags'>['tags']>>);
/** Calendars and workflows alike. */
export const namedItem = z.object({ id, name: text } satisfies Fields<
  ItemOf<AnswerOf<'get-calendars'>['calendars']> | ItemOf<AnswerOf<'get-workflow'>['workflows']>
>);

/** The items that have the shape; others are left out, since a list of many kinds is what GHL sends. */
export function itemsOf<T extends z.ZodType>(item: T, list: readonly unknown[]): z.infer<T>[] {
  return list.flatMap((entry) => {
    const parsed = item.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
}
