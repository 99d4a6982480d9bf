import type { Language } from './facts.ts';
import { plainLetters } from './spelling.ts';

const english = new Set(
  'the is are am and or to of in for on at with you your we our my me i it its this that have has do does can could will would what when where how who which any some not no yes please thanks thank hi hello looking want need buy sell home house sounds great good sure all right help like from about there here if but so be was'.split(' '), // prettier-ignore
);
const spanish = new Set(
  'el la los las un una de del y o que en por para con su sus tu usted ustedes nosotros mi me le lo se es son esta este eso hay tiene tengo quiero busco buscamos puede puedo gracias hola buenos buenas dias tardes casa cuando donde como cual cuanto si no pero porque ya muy mas favor ayuda vender comprar necesito gusto claro zona'.split(' '), // prettier-ignore
);

/** By its small words; `unclear` for too few of them, as "ok" or a number are. */
export function languageOf(text: string): Language | 'unclear' {
  const words =
    plainLetters(text)
      .toLowerCase()
      .match(/[a-z]+/g) ?? [];
  const count = (of: ReadonlySet<string>) => words.filter((word) => of.has(word)).length;
  const [en, es] = [count(english), count(spanish)];
  return en === es ? 'unclear' : en > es ? 'en' : 'es';
}

/**
 * What a message is answered in; null: it is written in neither of our languages, and a person answers. What is too short to tell is answered
 * in the language of before.
 */
export function replyLanguage(message: string, before: Language = 'en'): Language | null {
  const written = languageOf(message);
  if (written !== 'unclear') return written;
  const letters = message.match(/\p{L}/gu) ?? [];
  const foreign = letters.filter((letter) => !/\p{Script=Latin}/u.test(letter)).length;
  if (foreign * 2 > letters.length) return null;
  // Many words, and none of them one of ours: another language.
  return (message.match(/\p{L}{2,}/gu) ?? []).length >= 6 ? null : before;
}
