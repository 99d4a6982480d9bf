import { z } from 'zod';

/**
 * The parts of GHL's answers that we read, as loosely as they come: nearly every field may be missing, null or empty, and new ones
 * appear without notice. A field of the wrong type becomes undefined (`catch`), so that one odd field never costs the whole answer.
 */
const text = z.string().nullish().catch(undefined);

const channelDnd = z.object({ status: z.string().optional().catch(undefined) });

export const contactAnswer = z.object({
  contact: z.object({
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
    tags: z.array(z.unknown()).nullish().catch(undefined),
    customFields: z.array(z.unknown()).nullish().catch(undefined),
    // Unreadable must differ from absent here: the one closes the gate, the other means that nothing is set.
    dnd: z
      .union([z.boolean(), z.null(), z.literal('unreadable')])
      .optional()
      .catch('unreadable'),
    dndSettings: z
      .union([z.record(z.string(), z.union([channelDnd, z.null()])), z.null(), z.literal('unreadable')])
      .optional()
      .catch('unreadable'),
  }),
});
export type GhlContact = z.infer<typeof contactAnswer>['contact'];

export const fieldItem = z.object({ id: z.string().min(1), value: z.unknown() });

export const customFieldsAnswer = z.object({ customFields: z.array(z.unknown()) });
export const customFieldItem = z.object({ id: z.string().min(1), fieldKey: z.string().min(1) });

export const locationAnswer = z.object({
  location: z.object({ name: text, timezone: text, companyId: text }),
});

export const tasksAnswer = z.object({ tasks: z.array(z.unknown()) });
export const taskItem = z.object({ id: z.string().min(1), title: text, body: text });

export const conversationsAnswer = z.object({ conversations: z.array(z.unknown()) });
export const conversationItem = z.object({ id: z.string().min(1), contactId: text, locationId: text });

const messagePage = z.object({
  lastMessageId: text,
  nextPage: z.boolean().nullish().catch(undefined),
  messages: z.array(z.unknown()),
});
/** Documented flat, sent nested under `messages`: both are read. */
export const messagesAnswer = z.union([
  z.object({ messages: messagePage }).transform((answer) => answer.messages),
  messagePage,
]);

export const messageItem = z.object({
  id: z.string().min(1),
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
});
export type GhlMessage = z.infer<typeof messageItem>;

export const emailAnswer = z.object({ body: text });

/** The items that have the shape; others are left out, since a list of many kinds is what GHL sends. */
export function itemsOf<T extends z.ZodType>(item: T, list: readonly unknown[]): z.infer<T>[] {
  return list.flatMap((entry) => {
    const parsed = item.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
}
