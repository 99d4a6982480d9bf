import type { OfferedSlot } from '../assistant/reading/context.ts';
import type { Said } from '../assistant/understood.ts';
import { without, written } from './written.ts';
import type { Span, Written } from './written.ts';

/** What tells a time: any of it may be missing. */
interface Moment {
  readonly weekday?: number;
  readonly day?: number;
  /** Minutes after midnight; of "at 4" both halves of the day. */
  readonly minutes?: readonly number[];
  readonly part?: 'morning' | 'afternoon' | 'evening';
}

const weekdays =
  /\b(?:(?:sun|mon|tue|wed|thu|fri|sat)(?:s|rs?|nes|ur)?(?:day)?|domingo|lunes|martes|miercoles|jueves|viernes|sabado)\b/g;
const weekdayBeginnings = ['sun|dom', 'mon|lun', 'tue|mar', 'wed|mie', 'thu|jue', 'fri|vie', 'sat|sab'];
const clock =
  /(?<![\d$#/.-])(?<hour>1[0-2]|0?[1-9])(?::(?<minute>[0-5]\d))?\s?(?:(?<half>[ap])\.?\s?m?\.?(?![a-z])|(?<oclock>o'?clock))?(?![\d/%]|:\d|\s?(?:bed|bath|br|ba|k\b|st\b|nd\b|rd\b|th\b|min|people|of (?:us|those|them)))|(?<noon>\b(?:noon|midday|mediodia)\b)/g;
const dayParts: readonly (readonly [NonNullable<Moment['part']>, RegExp])[] = [
  ['morning', /\b(?:morning|(?:por|de) la manana|earl(?:y|ier|iest)|temprano)\b/g],
  ['afternoon', /\b(?:afternoon|tarde)\b/g],
  ['evening', /\b(?:evening|night|after work|noche|latest(?: one)?|late one)\b/g],
];
const monthDay =
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?<day>\d{1,2})(?!\d|:)|\b(?<number>\d{1,2})(?:st|nd|rd|th)\b|(?<![\d/])\d{1,2}\/(?<slash>\d{1,2})(?![\d/])|\b(?<de>\d{1,2}) de [a-z]+/g;

const refusal =
  /\b(?:none|neither|no(?:ne)? of (?:those|these|them)|(?:can't|cannot|can not|couldn't|won't|don't|doesn't|not able to|unable to)[^.!?,]{0,25}\b(?:any|either|those|these|them|make it|make|do|work)|nothing (?:there|works)|other (?:times?|days?|options?)|another (?:time|day|date|week)|(?:do|try|make it|until|be)? ?(?:next|the following) week|different (?:time|day|date)s?|anything else|something else|any other|(?:those|these|they|times?) (?:all )?(?:don't|do not|won't|aren't)|(?:can't|cannot|won't|not available|busy|out of town) (?:\w+ ){0,3}?this week|ningun[oa]?|otr[oa] (?:dia|hora|horario|fecha)|no puedo)\b/;
const ordinals: readonly (readonly [number, RegExp])[] = [
  [
    0,
    /\b(?:the )?(?:first|1st)(?: (?:one|option|slot|time|works))?\b|\b(?:option|number|slot|opcion) ?(?:1|one|a|uno)\b|#1\b|^\W*(?:1|a)\W*$|\b(?:la|el) primer[ao]?\b/,
  ],
  [
    1,
    /\b(?:the )?(?:second|2nd)(?: (?:one|option|slot|time|works))?\b|\b(?:option|number|slot|opcion) ?(?:2|two|b|dos)\b|#2\b|^\W*(?:2|b)\W*$|\b(?:la|el) segund[ao]\b/,
  ],
  [
    2,
    /\b(?:the )?(?:third|3rd)(?: (?:one|option|slot|time|works))?\b|\b(?:option|number|slot|opcion) ?(?:3|three|c|tres)\b|#3\b|^\W*(?:3|c)\W*$|\b(?:la|el) tercer[ao]?\b/,
  ],
  [-1, /\b(?:the )?last (?:one|option|slot|time)\b|\b(?:la|el) ultim[ao]\b/],
];
const deniedDay =
  /\b(?:not?|can't(?: do| make)?|cannot(?: do| make)?|don't like|anything but|except|isn't|instead of|won't|no puedo(?: el)?)\s+(?:do |make |on |el |the )?$/;
const deniedAfter =
  /^(?:'s)? ?(?:is |are )?(?:no good|not good|doesn't work|does not work|won't work|isn't good|is out|is bad|no me sirve|no puedo)/;

/** One of the offered times, by its key; `none` where another time is named or all are refused; null where they do not choose. */
export function slotIn(said: Written, offered: readonly OfferedSlot[]): Said<string> | null {
  if (offered.length === 0) return null;
  const moments = offered.map(({ text }) => momentIn(written(text)).moment);
  const { moment, spans } = momentIn(said, offered.length);
  const words = (): string =>
    said.quote(Math.min(...spans.map(({ start }) => start)), Math.max(...spans.map(({ end }) => end))).trim();
  if (spans.length > 0) {
    const fitting = offered.filter((_, i) => fits(moment, moments[i]!));
    if (fitting.length === 1) return { value: fitting[0]!.key, quote: words() };
    if (fitting.length === 0) return { value: 'none', quote: words() };
  }
  for (const [place, pattern] of ordinals) {
    const match = pattern.exec(said.plain);
    const slot = match === null ? undefined : offered.at(place);
    if (match !== null && slot !== undefined) {
      return { value: slot.key, quote: said.quote(match.index, match.index + match[0].length).trim() };
    }
  }
  const refused = refusal.exec(said.plain);
  if (refused !== null) {
    return { value: 'none', quote: said.quote(refused.index, refused.index + refused[0].length).trim() };
  }
  const only =
    offered.length === 1
      ? /^\W*(?:yes|yeah|yep|sure|ok|okay|works|perfect|sounds good|that works|great|si|claro|perfecto|esta bien)\b/.exec(
          said.plain,
        )
      : null;
  return only === null ? null : { value: offered[0]!.key, quote: said.quote(0, only[0].length).trim() };
}

/** Is a time named, be it one of the offered ones or not? */
export function namedTimeIn(said: Written): Said<true> | null {
  const [span] = momentIn(said).spans;
  return span === undefined ? null : { value: true, quote: said.quote(span.start, span.end).trim() };
}

interface Found extends Span {
  readonly words: string;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** What is said of a time, the first of each kind, with its places; a time that is denied says nothing. */
function momentIn(said: Written, options = 0): { readonly moment: Moment; readonly spans: readonly Span[] } {
  const found = (plain: string, pattern: RegExp): Found[] =>
    [...plain.matchAll(pattern)]
      .map(({ 0: words, index, groups }) => ({ start: index, end: index + words.length, words, groups: groups ?? {} }))
      .filter(({ start, end }) => {
        return (
          !deniedDay.test(plain.slice(Math.max(0, start - 30), start)) && !deniedAfter.test(plain.slice(end, end + 25))
        );
      });
  const dates = found(said.plain, monthDay);
  const { plain } = without(said, dates);
  const days = found(plain, weekdays);
  const times = found(plain, clock).filter((one) => isTime(plain, one, days.length + dates.length > 0, options));
  const parts = dayParts.flatMap(([part, pattern]) => found(plain, pattern).map((one) => ({ ...one, part })));
  const [date] = dates;
  const [day] = days;
  const [time] = times;
  // "Tomorrow at 4 in the afternoon": the clock says it better.
  const [part] = time === undefined ? parts : [];
  const number = date === undefined ? undefined : Object.values(date.groups).find((one) => one !== undefined);
  const moment = {
    ...(number === undefined ? {} : { day: Number(number) }),
    ...(day === undefined ? {} : { weekday: weekdayOf(day.words) }),
    ...(time === undefined ? {} : { minutes: minutesOf(time.groups) }),
    ...(part === undefined ? {} : { part: part.part }),
  };
  return { moment, spans: [date, day, time, part].filter((span) => span !== undefined) };
}

function weekdayOf(word: string): number {
  return weekdayBeginnings.findIndex((beginnings) => beginnings.split('|').includes(word.slice(0, 3)));
}

/** A lone number is a time where a clock, a half of the day or a day stands beside it; else it may be the number of an option. */
function isTime(plain: string, { start, groups }: Found, dated: boolean, options: number): boolean {
  const clear = ['noon', 'minute', 'half', 'oclock'].some((group) => groups[group] !== undefined);
  const before = plain.slice(0, start);
  // "4" alone is four o'clock where only three times were offered.
  if (options > 0 && /^\W*\d{1,2}\W*$/.test(plain)) return Number(groups['hour']) > options;
  return (
    clear ||
    /\b(?:at|around|by|a las?)\s$/.test(before) ||
    (dated && !/\b(?:option|number|slot|opcion|#)\s?$/.test(before))
  );
}

function minutesOf(groups: Found['groups']): number[] {
  if (groups['noon'] !== undefined) return [720];
  const at = (Number(groups['hour']) % 12) * 60 + Number(groups['minute'] ?? 0);
  if (groups['half'] === 'a') return [at];
  return groups['half'] === 'p' ? [at + 720] : [at, at + 720];
}

function fits(said: Moment, slot: Moment): boolean {
  const [minutes] = slot.minutes ?? [];
  const part =
    minutes === undefined ? slot.part : minutes < 720 ? 'morning' : minutes < 1_020 ? 'afternoon' : 'evening';
  return (
    (said.weekday === undefined || slot.weekday === undefined || said.weekday === slot.weekday) &&
    (said.day === undefined || slot.day === undefined || said.day === slot.day) &&
    (said.minutes === undefined || minutes === undefined || said.minutes.some((one) => slot.minutes!.includes(one))) &&
    (said.part === undefined || part === undefined || said.part === part)
  );
}
