import { DateTime } from 'luxon';
import type { Iso } from '../glossary.ts';
import { type ConsentChannel, consentChannels, type ConsentFactKind, consentFacts } from './ledger.ts';
import { personAddress } from './person-address.ts';
import { textVersion } from './texts.ts';

/** Columns of an import; a row may leave out what it does not need. */
const importColumns = [
  ...(['what', 'contact', 'phone', 'email', 'channels', 'text', 'at'] as const),
  ...(['seller', 'evidence', 'page', 'ip', 'user_agent'] as const),
] as const;
type Column = (typeof importColumns)[number];

/** A row as it came: text by column. */
export type RawRow = Readonly<Record<string, string>>;

/** A row that says something; addresses are E.164 numbers and bare mailboxes. */
export interface ImportRow {
  readonly contactId: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly at: Iso;
  readonly evidence: Readonly<Record<string, string>>;
  readonly said:
    | {
        readonly state: 'granted' | 'withdrawn';
        readonly channels: readonly ConsentChannel[];
        readonly text: string | null;
        readonly seller: string | null;
      }
    | { readonly fact: ConsentFactKind };
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Reads one row, or says what is wrong with it in words that name the column and never repeat what stands there. */
export function readImportRow(raw: RawRow, now: Iso): Read<ImportRow> {
  const unknown = Object.keys(raw).filter((name) => !(importColumns as readonly string[]).includes(name));
  if (unknown.length > 0) return bad(`there is no column of this name; expected ${importColumns.join(', ')}`);
  const of = (column: Column): string | null => raw[column]?.trim() || null;
  const at = instantOf(of('at'), now);
  if (!at.ok) return at;
  const who = whoOf(of('contact'), of('phone'), of('email'));
  if (!who.ok) return who;
  const said = saidOf(of);
  if (!said.ok) return said;
  const missing = addressMissing(said.value, who.value);
  if (missing !== undefined) return bad(missing);
  const evidence = (['evidence', 'page', 'ip', 'user_agent'] as const).flatMap((column) => {
    const text = of(column);
    return text === null ? [] : [[column, text] as const];
  });
  if (evidence.some(([, text]) => text.length > 1_000)) return bad('expected at most 1,000 characters of evidence');
  return { ok: true, value: { ...who.value, at: at.value, evidence: Object.fromEntries(evidence), said: said.value } };
}

type Who = Pick<ImportRow, 'contactId' | 'phone' | 'email'>;

function whoOf(contactId: string | null, phone: string | null, email: string | null): Read<Who> {
  if (contactId === null && phone === null && email === null) return bad('expected contact, phone or email');
  if (contactId !== null && !/^[A-Za-z0-9_-]{1,128}$/.test(contactId)) return bad('contact: expected an id of the CRM');
  const number = phone === null ? null : personAddress(phone);
  if (number !== null && !/^\+[1-9]\d{7,14}$/.test(number)) return bad('phone: expected a number as +18135550142');
  const mailbox = email === null ? null : personAddress(email);
  if (mailbox !== null && !mailbox.includes('@')) return bad('email: expected an address');
  return { ok: true, value: { contactId, phone: number, email: mailbox } };
}

function saidOf(of: (column: Column) => string | null): Read<ImportRow['said']> {
  const what = of('what')?.toLowerCase() ?? null;
  const text = of('text');
  const fact = consentFacts.find((kind) => kind === what);
  if (fact !== undefined) {
    return of('channels') === null && text === null
      ? { ok: true, value: { fact } }
      : bad(`channels and text: expected none beside ${fact}`);
  }
  if (what !== 'granted' && what !== 'withdrawn') {
    return bad(`what: expected granted, withdrawn, ${consentFacts.join(', ')}`);
  }
  const channels = (of('channels') ?? '')
    .toLowerCase()
    .split(/[\s,;|]+/)
    .filter(Boolean);
  if (channels.length === 0 || channels.some((one) => !(consentChannels as readonly string[]).includes(one))) {
    return bad(`channels: expected some of ${consentChannels.join(', ')}`);
  }
  if (what === 'granted' && text === null) return bad('text: expected the version of the words that were agreed to');
  if (text !== null && !textVersion.test(text)) return bad('text: expected a version as web-form-2026');
  const named = channels as ConsentChannel[];
  return { ok: true, value: { state: what, channels: [...new Set(named)], text, seller: of('seller') } };
}

/** A consent is for an address; the contact's own is taken where only the contact is named. */
function addressMissing(said: ImportRow['said'], { contactId, phone, email }: Who): string | undefined {
  if (contactId !== null || 'fact' in said) return undefined;
  if (phone === null && said.channels.some((channel) => channel !== 'email'))
    return 'phone: expected a number, or contact';
  return email === null && said.channels.includes('email') ? 'email: expected an address, or contact' : undefined;
}

/** A day counts from its beginning in UTC, which is before its beginning in the United States: nobody's consent begins too early by much, and none lasts too long. */
function instantOf(text: string | null, now: Iso): Read<Iso> {
  const day = /^\d{4}-\d\d-\d\d$/.test(text ?? '');
  const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/.test(text ?? '');
  const read = DateTime.fromISO(text ?? '', { zone: 'utc' });
  if (!(day || zoned) || !read.isValid) return bad('at: expected a day as 2026-03-01, or an instant with its zone');
  if (read.toMillis() > Date.parse(now)) return bad('at: expected a time that is over');
  return { ok: true, value: read.toISO() };
}

function bad(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}
