import type { LeadRef } from '../../domain/glossary.ts';
import { ask } from './ask.ts';
import type { GhlClient } from './client.ts';
import { byLastMessage, eachPage } from './pages.ts';
import { conversationsAnswer, emailAnswer, type GhlMessage, messagesAnswer } from './schemas.ts';
import { bodyText } from './mail-body.ts';

const PAGE = 100;

/** The contact's conversations, as they come. */
export async function conversationsOf(client: GhlClient, ref: LeadRef, limit: number): Promise<readonly unknown[]> {
  const query = { locationId: ref.locationId, contactId: ref.contactId, limit };
  return (await ask(client, 'search-conversation', conversationsAnswer, ref.locationId, { query })).conversations;
}

/** The messages of a conversation, newest first, a page at a time. */
export async function* messagePages(
  client: GhlClient,
  ref: LeadRef,
  conversationId: string,
  bound: Parameters<typeof eachPage>[2],
): AsyncGenerator<readonly unknown[]> {
  const pages = eachPage(
    (lastMessageId: string | undefined) => {
      const query = { limit: PAGE, ...(lastMessageId === undefined ? {} : { lastMessageId }) };
      return ask(client, 'get-messages', messagesAnswer, ref.locationId, { path: { conversationId }, query });
    },
    byLastMessage,
    bound,
  );
  for await (const { messages } of pages) yield messages;
}

/** As webhooks name it: an e-mail by its own id, unless several of them hide behind one message. */
export function idOf({ id, meta }: GhlMessage): string {
  const [own, ...others] = meta?.email?.messageIds ?? [];
  return own === undefined || others.length > 0 ? id : own;
}

/** Lists may leave an e-mail's text out; it is then read by its own id. */
export async function emailText(client: GhlClient, ref: LeadRef, id: string): Promise<string> {
  const { body } = await ask(client, 'get-email-by-id', emailAnswer, ref.locationId, { path: { id } });
  return bodyText(body ?? '');
}
