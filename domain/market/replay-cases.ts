import type { Iso } from '../glossary.ts';
import type { Offer, Point, Sought } from './match.ts';
import { placeOf } from './match.ts';
import { type BadLine, type LogLine, newLogState, offerOf, readLogLine, wishesIn } from './replay-log.ts';
import type { Wishes } from './wishes.ts';

/** One list that is judged: everything that was on offer when it was made, and what the lead then turned to. */
export interface ReplayCase {
  readonly lead: string;
  readonly at: Iso;
  readonly sought: Sought;
  /** All of them, none left out by chance; without those that the lead knew already. */
  readonly offers: readonly Offer[];
  /** Keys among these that the lead saved, liked, asked to see, or looked at for thirty seconds, within two weeks. */
  readonly relevant: ReadonlySet<string>;
}

export interface ReplayCases {
  readonly cases: readonly ReplayCase[];
  readonly lines: number;
  /** Lists that are not judged, by why. */
  readonly left: { readonly noWishes: number; readonly nothingRelevant: number; readonly cutShort: number };
}

const HORIZON_MS = 14 * 86_400_000;
const LONG_LOOK_SECONDS = 30;

interface Open {
  readonly lead: string;
  readonly at: Iso;
  readonly sought: Sought;
  readonly offers: readonly Offer[];
  readonly keys: ReadonlySet<string>;
  readonly relevant: Set<string>;
}

/**
 * Goes through a log once, in its order, and never looks ahead: what a list is made of is what the lines above it say. A list whose two weeks the log does
 * not have is not judged: its silence says nothing.
 * @param lines  parsed JSON, one value a line
 */
export async function replayCases(lines: AsyncIterable<unknown>): Promise<ReplayCases | BadLine> {
  const state = newLogState();
  const market = new Map<string, Offer>();
  const leads = new Map<string, { wishes: Wishes | null; readonly known: Set<string>; readonly open: Open[] }>();
  const opened: Open[] = [];
  let [number, noWishes] = [0, 0];
  const leadOf = (lead: string) => {
    const known = leads.get(lead) ?? { wishes: null, known: new Set<string>(), open: [] };
    leads.set(lead, known);
    return known;
  };
  for await (const json of lines) {
    number += 1;
    const line = readLogLine(json, state);
    if ('why' in line) return { line: number, why: line.why };
    if (line.type === 'listing') put(market, line);
    else if (line.type === 'wishes') leadOf(line.lead).wishes = wishesIn(line);
    else if (line.type === 'acted') act(leadOf(line.lead), line);
    else {
      const lead = leadOf(line.lead);
      if (lead.wishes === null) noWishes += 1;
      else {
        const one = open(
          line.lead,
          line.at,
          lead.wishes,
          [...market.values()].filter(({ listingKey }) => !lead.known.has(listingKey)),
        );
        lead.open.push(one);
        opened.push(one);
      }
    }
  }
  const end = state.last === null ? 0 : Date.parse(state.last);
  const whole = opened.filter(({ at }) => Date.parse(at) + HORIZON_MS <= end);
  const cases = whole.filter(({ relevant }) => relevant.size > 0);
  const left = { noWishes, nothingRelevant: whole.length - cases.length, cutShort: opened.length - whole.length };
  return { cases, lines: number, left };
}

function put(market: Map<string, Offer>, line: Extract<LogLine, { type: 'listing' }>): void {
  const offer = offerOf(line);
  if (offer === null) market.delete(line.listingKey);
  else market.set(line.listingKey, offer);
}

function open(lead: string, at: Iso, wishes: Wishes, offers: readonly Offer[]): Open {
  const keys = new Set(offers.map(({ listingKey }) => listingKey));
  return {
    lead,
    at,
    sought: { wishes, centre: wishes.near ? centreOf(wishes, offers) : null },
    offers,
    keys,
    relevant: new Set(),
  };
}

/** As the store has it: the middle of what is on offer in the places that were named. */
function centreOf(wishes: Wishes, offers: readonly Offer[]): Point | null {
  const inside = offers.filter((offer) => placeOf(wishes, offer) !== null);
  const mean = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const [latitude, longitude] = [mean(inside.map((one) => one.latitude)), mean(inside.map((one) => one.longitude))];
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

function act(
  lead: { readonly known: Set<string>; readonly open: readonly Open[] },
  line: Extract<LogLine, { type: 'acted' }>,
): void {
  const counts = line.action !== 'view' || (line.seconds ?? 0) > LONG_LOOK_SECONDS;
  const at = Date.parse(line.at);
  for (const one of lead.open) {
    const since = at - Date.parse(one.at);
    if (counts && since > 0 && since <= HORIZON_MS && one.keys.has(line.listingKey)) one.relevant.add(line.listingKey);
  }
  lead.known.add(line.listingKey);
}
