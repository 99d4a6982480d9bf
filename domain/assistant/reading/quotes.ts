/**
 * A text as quotes are compared: letters and signs as they stand, but any white space is one space, quotation marks and apostrophes are
 * straight, and accents are one sign with their letter.
 */
function comparable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[‘’‚`´ʼ＇]/g, "'")
    .replaceAll(/[“”„«»＂]/g, '"')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Does the text hold these words letter by letter, and whole? */
export function holds(text: string, quote: string): boolean {
  const words = comparable(quote);
  if (!/[\p{L}\p{N}]/u.test(words)) return false;
  const whole = comparable(text);
  const letter = /[\p{L}\p{N}]/u;
  for (let at = whole.indexOf(words); at >= 0; at = whole.indexOf(words, at + 1)) {
    const cutBefore = letter.test(words[0]!) && letter.test(whole[at - 1] ?? '');
    const cutAfter = letter.test(words.at(-1)!) && letter.test(whole[at + words.length] ?? '');
    if (!cutBefore && !cutAfter) return true;
  }
  return false;
}
