import { z } from 'zod';

/** On one line or several, as it stands below e-mails; what has no ZIP code reaches nobody. */
export const postalAddress = z
  .string()
  .trim()
  .min(10)
  .max(300)
  .regex(/^[^\p{Cc}{}<>]*(\n[^\p{Cc}{}<>]*)*$/u, 'expected an address without markup')
  .regex(/\d{5}/, 'expected an address with its ZIP code');
