/** The GSM 03.38 basic set; `extended` characters take two places. Everything else makes the whole text UCS-2. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extended = new Set('^{}\\[~]|€\f');

/**
 * How many segments carriers count and bill for a text: 160 septets or 70 UTF-16 units in one, 153 or 67 in each of several.
 * @see 3GPP TS 23.038 6.2.1 (alphabet), TS 23.040 9.2.3.24 (concatenation)
 */
export function smsSegments(text: string): { readonly encoding: 'GSM-7' | 'UCS-2'; readonly segments: number } {
  const characters = [...text];
  if (characters.every((character) => basic.has(character) || extended.has(character))) {
    const septets = characters.reduce((sum, character) => sum + (extended.has(character) ? 2 : 1), 0);
    return { encoding: 'GSM-7', segments: septets <= 160 ? 1 : Math.ceil(septets / 153) };
  }
  return { encoding: 'UCS-2', segments: text.length <= 70 ? 1 : Math.ceil(text.length / 67) };
}
