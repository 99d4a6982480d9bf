import { associationOperations } from './associations.ts';
import { calendarOperations } from './calendars.ts';
import { contactOperations } from './contacts.ts';
import { contactSearchOperations } from './contact-search.ts';
import type { Operations } from './context.ts';
import { conversationOperations } from './conversations.ts';
import { locationOperations, userOperations } from './locations.ts';
import { messageReadOperations } from './message-reading.ts';
import { messageOperations } from './messages.ts';
import { oauthOperations } from './oauth.ts';
import { objectOperations } from './objects.ts';
import { opportunityOperations } from './opportunities.ts';
import { phoneNumberOperations } from './phone-numbers.ts';
import { tagOperations } from './tags.ts';
import { noteOperations, taskOperations } from './tasks.ts';
import { workflowOperations } from './workflows.ts';

/** Everything that this stand-in serves, keyed as the OpenAPI documents name it. */
export const operations: Operations = {
  ...contactOperations,
  ...contactSearchOperations,
  ...tagOperations,
  ...taskOperations,
  ...noteOperations,
  ...conversationOperations,
  ...messageOperations,
  ...messageReadOperations,
  ...locationOperations,
  ...userOperations,
  ...opportunityOperations,
  ...calendarOperations,
  ...workflowOperations,
  ...phoneNumberOperations,
  ...objectOperations,
  ...associationOperations,
  ...oauthOperations,
};
