/** Values of RESO's closed look-ups that decide something, as they are stored: in lower case, in words. */
export const standardStatuses = [
  'active',
  'active under contract',
  'canceled',
  'closed',
  'coming soon',
  'delete',
  'expired',
  'hold',
  'incomplete',
  'pending',
  'withdrawn',
] as const;
export type StandardStatus = (typeof standardStatuses)[number];

/** Values whose words cannot be told from their code: `HotelMotel` is Hotel/Motel. */
const slashed = ['hotel/motel'];

const byLetters = new Map<string, string>([...standardStatuses, ...slashed].map((words) => [letters(words), words]));
const statusByLetters = new Map<string, StandardStatus>(standardStatuses.map((words) => [letters(words), words]));

/** A StandardStatus however it is written; undefined: none of RESO's. `Cancelled` is written so by many. */
export function statusOf(word: string): StandardStatus | undefined {
  const key = letters(word);
  return statusByLetters.get(key === 'cancelled' ? 'canceled' : key);
}

/** A value of an enumeration in lower-case words: `ResidentialIncome`, `Residential Income` and `RESIDENTIAL INCOME` are the same. */
export function wordsOf(word: string): string {
  const known = byLetters.get(letters(word));
  if (known !== undefined) return known;
  const spaced = /\s/.test(word) ? word : word.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll('_', ' ');
  return spaced.replace(/\s+/g, ' ').trim().toLowerCase();
}

function letters(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}
