import { contactOperations } from './contacts.ts';
import { contactSearchOperations } from './contact-search.ts';
import type { Operations } from './context.ts';
import { conversationOperations } from './conversations.ts';
import { locationOperations, userOperations } from './locations.ts';
import { messageOperations } from './messages.ts';
import { calendarOperations, opportunityOperations } from './opportunities.ts';
import { tagOperations } from './tags.ts';
import { noteOperations, taskOperations } from './tasks.ts';

/** Everything that this stand-in serves, keyed as the OpenAPI documents name it. */
export const operations: Operations = {
  ...contactOperations,
  ...contactSearchOperations,
  ...tagOperations,
  ...taskOperations,
  ...noteOperations,
  ...conversationOperations,
  ...messageOperations,
  ...locationOperations,
  ...userOperations,
  ...opportunityOperations,
  ...calendarOperations,
};
