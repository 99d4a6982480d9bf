/** Letters of other alphabets, and signs, that pass for Latin ones to the eye. */
const lookAlikes: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    в: 'b',
    с: 'c',
    ԁ: 'd',
    е: 'e',
    ё: 'e',
    һ: 'h',
    н: 'h',
    і: 'i',
    ї: 'i',
    ј: 'j',
    к: 'k',
    ӏ: 'l',
    м: 'm',
    п: 'n',
  },
  ...{ о: 'o', р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't', у: 'y', ѵ: 'v', ԝ: 'w', х: 'x', з: '3', б: '6' },
  ...{ α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', σ: 'o', τ: 't', υ: 'u', χ: 'x', ω: 'w' },
  ...{
    ı: 'i',
    ł: 'l',
    ø: 'o',
    ɡ: 'g',
    ɑ: 'a',
    ʟ: 'l',
    ɪ: 'i',
    ꜱ: 's',
    ᴀ: 'a',
    ᴇ: 'e',
    ᴏ: 'o',
    đ: 'd',
    ƒ: 'f',
    '‘': "'",
    '’': "'",
  },
};
/** Signs that stand for letters inside of words: `s@fe`, `fam1lies`. */
const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Nothing that no eye sees, one form for each letter, look-alikes as the letters that they pass for. Upper case stays. */
export function plainLetters(text: string): string {
  const seen = text.normalize('NFKC').replace(/[\p{Cf}\u{fe00}-\u{fe0f}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu, '');
  const bare = seen.normalize('NFD').replace(/\p{M}/gu, '');
  return bare.replace(/\P{ASCII}/gu, (letter) => {
    const twin = lookAlikes[letter.toLowerCase()];
    return twin === undefined ? letter : letter === letter.toLowerCase() ? twin : twin.toUpperCase();
  });
}

/**
 * Sentences as rules want them: lower-case words of a–z and 0–9 with single spaces, no apostrophes, hyphens as spaces, signs within words as
 * the letters they stand for, and words that were spelled letter by letter joined. Commas, slashes, `%` and `+` stay.
 */
export function plainSentences(text: string): readonly string[] {
  const joined = plainLetters(text)
    .toLowerCase()
    .replace(/'/g, '')
    .replace(/[a-z]+[0134579@$!]+(?=[a-z])/g, (word) => word.replace(/[0134579@$!]/g, (sign) => leet[sign] ?? sign))
    .replace(/(?<![a-z0-9])[a-z](?:[ ._*\-|/][a-z](?![a-z0-9'])){2,}(?:\.(?= ))?/g, (letters) => {
      const word = letters.replace(/[^a-z]/g, '');
      // The first may have been a word of its own.
      return /^[ai]/.test(word) ? `${word} ${word.slice(1)}` : word;
    })
    .replace(/(?<=[a-z])[*_~|](?=[a-z])/g, '');
  return joined
    .replace(/\b(st|mr|mrs|ms|dr)\./g, '$1')
    .split(/[.!?;\n\r]+(?=\s|$)|[¡¿;\n\r]/)
    .map((sentence) =>
      sentence
        .replace(/[^a-z0-9,/%+&$]+/g, ' ')
        .replace(/ ?,/g, ',')
        .trim(),
    )
    .filter((sentence) => sentence !== '');
}
