import { weekdays, type Weekday } from '../../leads/settings.ts';
import type { Language, LocationFacts } from './facts.ts';

const names: Readonly<Record<Language, Readonly<Record<Weekday, string>>>> = {
  en: { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' },
  es: { mon: 'lun', tue: 'mar', wed: 'mié', thu: 'jue', fri: 'vie', sat: 'sáb', sun: 'dom' },
};

/** The team's hours as people write them, days of equal hours together; undefined where none are known. */
export function hoursInWords(hours: LocationFacts['teamHours'], language: Language): string | undefined {
  const spans: { first: Weekday; last: Weekday; said: string }[] = [];
  for (const [at, day] of weekdays.entries()) {
    const open = hours[day];
    if (open === undefined) continue;
    const said = `${clock(open.from)}-${clock(open.to)}`;
    const span = spans.at(-1);
    if (span !== undefined && span.said === said && weekdays.indexOf(span.last) === at - 1) span.last = day;
    else spans.push({ first: day, last: day, said });
  }
  const name = names[language];
  const said = spans.map(
    ({ first, last, said: time }) => `${name[first]}${first === last ? '' : `-${name[last]}`} ${time}`,
  );
  return said.length === 0 ? undefined : said.join(', ');
}

function clock(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const of12 = hour % 12 === 0 ? 12 : hour % 12;
  return `${of12}${minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`} ${hour < 12 ? 'AM' : 'PM'}`;
}
