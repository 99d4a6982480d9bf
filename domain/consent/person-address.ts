/**
 * One spelling for all spellings of a number or an address that reach the same person, so that they hash alike. A suppression must match
 * at least what reaches the same mailbox: where it is in doubt whether two addresses are one, they are, since silence harms nobody.
 *
 * Numbers: E.164; ten digits, or eleven that begin with 1, are North American; an extension is left out. Addresses: the bare mailbox in
 * lower case, without what follows a plus sign (RFC 5233; nearly all providers deliver it to the mailbox before it), and for Gmail without
 * dots, which it does not look at. Anything else is only trimmed and lowered.
 */
export function personAddress(text: string): string {
  const plain = text.normalize('NFKC').trim().toLowerCase();
  const bracketed = /<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>\s*$/.exec(plain)?.[1];
  const mailbox = mailboxOf(bracketed ?? plain);
  return mailbox ?? numberOf(plain) ?? plain;
}

const gmail: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);

function mailboxOf(text: string): string | undefined {
  const [, local, domain] = /^([^\s@<>:]+)@([^\s@<>]+?)\.?$/.exec(text) ?? [];
  if (local === undefined || domain === undefined) return undefined;
  const tagged = local.indexOf('+');
  const bare = tagged > 0 ? local.slice(0, tagged) : local;
  if (!gmail.has(domain)) return `${bare}@${domain}`;
  const dotless = bare.replace(/\./g, '');
  return `${dotless === '' ? bare : dotless}@gmail.com`;
}

function numberOf(text: string): string | undefined {
  const [, dialled] = /^(?:tel:)?(\+?[\d\s().\-/]+?)(?:\s*(?:;ext=|x|ext\.?)\s*\d+)?$/.exec(text) ?? [];
  if (dialled === undefined) return undefined;
  const digits = dialled.replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15) return undefined;
  return digits.length === 10 && !dialled.startsWith('+') ? `+1${digits}` : `+${digits}`;
}
