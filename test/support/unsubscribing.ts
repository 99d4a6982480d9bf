import { createUnsubscribeLinks } from '../../platform/unsubscribe-links.ts';

/** Links as an installation of the test would make them. */
export const testLinks = createUnsubscribeLinks(Buffer.alloc(32, 7), () => 'https://leads.example.com');
