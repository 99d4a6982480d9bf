import { seeded } from './cache-bytes.ts';

/** Values in words that no dictionary of the product knows: those of one location, which talks as nobody else does. */
export function ownWords(seed: number, count: number): { readonly note: string; readonly ref: number }[] {
  const next = seeded(seed);
  const phrases = [
    'Zwischenfinanzierung angefragt, Rückruf am Vormittag erbeten',
    'Besichtigung Hochparterre Nordflügel vereinbart',
    'Kaufnebenkosten und Grunderwerbsteuer erläutert',
    'Wohnflächenberechnung nach Verordnung nachgereicht',
    'Energieausweis fehlt, Hausverwaltung angeschrieben',
    'Teilungserklärung liegt dem Notariat vor',
  ];
  return Array.from({ length: count }, () => ({
    note: [0, 1, 2].map(() => phrases[next(phrases.length)]!).join('; '),
    ref: next(1_000_000),
  }));
}
