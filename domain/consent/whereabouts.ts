import { type PhonePlace, placeOfPhone } from './area-codes.ts';
import { stateNamed, type UsState, usStates, zonesOfState } from './us-states.ts';
import { stateOfZip } from './zip-codes.ts';
import { clockOf, knownZone } from './zone-clock.ts';

/** What a contact tells of where the person is. Nothing in it is an address or a number, so it may be kept with a verdict. */
export interface Whereabouts {
  /** IANA zone of the contact; null when unknown. An unreadable one counts as unknown. */
  readonly timezone: string | null;
  /** What the address says: the state as written, and that of its ZIP code where the two differ. Absent: nothing. */
  readonly addressStates?: readonly UsState[];
  /** What the phone number's area code says; absent: there is no number. */
  readonly phone?: PhonePlace;
}

/** A place that a person may be in: whose rules, by which clock. `state` null: no state of ours. */
export interface Place {
  readonly state: UsState | null;
  readonly zone: string;
}

/** Reads the signs of a contact's place out of what the CRM has. */
export function whereaboutsOf(contact: {
  readonly timezone?: string | null;
  readonly state?: string | null;
  readonly postalCode?: string | null;
  readonly phone?: string | null;
}): Whereabouts {
  const states = [stateNamed(contact.state), stateOfZip(contact.postalCode)].filter((one) => one !== undefined);
  const phone = placeOfPhone(contact.phone);
  return {
    timezone: contact.timezone ?? null,
    ...(states.length === 0 ? {} : { addressStates: [...new Set(states)] }),
    ...(phone === undefined ? {} : { phone }),
  };
}

/**
 * All places that a person may be in. Each sign (zone, each state of the address, area code) allows some places. Signs that have places in
 * common are read together and leave those; signs that contradict each other are both believed. So an area code of Texas beside an
 * address in Florida leaves both states, while the zone of New York beside Florida leaves the part of Florida that keeps it.
 * Nothing known: every place of the fifty states and DC.
 * @param year  whose clock changes tell two zones apart
 * @returns     empty where nothing safe can be said: a number abroad whose zone is not known
 */
export function placesOf(where: Whereabouts, year: number): readonly Place[] {
  const signs = signsOf(where, year);
  if (signs.length === 0) return where.phone?.kind === 'abroad' ? [] : everywhere;
  const together = common(signs);
  if (together.length > 0) return together;
  // No place fits all: of the groups of signs that do fit together the largest ones count, and all of their places.
  const groups = subsets(signs)
    .map((group) => ({ group, places: common(group) }))
    .filter(({ places }) => places.length > 0);
  const largest = groups.filter(({ group }) => !groups.some((other) => larger(other.group, group)));
  return distinct(largest.flatMap(({ places }) => places));
}

const everywhere: readonly Place[] = usStates.flatMap((state) => placesIn(state));

function placesIn(state: UsState): Place[] {
  return zonesOfState(state).map((zone) => ({ state, zone }));
}

function signsOf({ timezone, addressStates = [], phone }: Whereabouts, year: number): (readonly Place[])[] {
  const zone = knownZone(timezone);
  return [
    ...(zone === undefined ? [] : [placesByClock(zone, year)]),
    ...addressStates.map(placesIn),
    ...(phone?.kind === 'known' ? [phone.zones.map((one) => ({ state: phone.state, zone: one }))] : []),
    ...(phone?.kind === 'unknown' ? [everywhere] : []),
  ];
}

/** Whatever a zone is called, its clock is kept in these states; a clock that none of them keeps is abroad, or a territory's. */
function placesByClock(zone: string, year: number): readonly Place[] {
  const clock = clockOf(zone, year);
  const key = `${year} ${clock}`;
  const here = keepers.get(key) ?? everywhere.filter((place) => clockOf(place.zone, year) === clock);
  // There are as many clocks as zones at most.
  keepers.set(key, here);
  return here.length > 0 ? here : [{ state: null, zone }];
}

const keepers = new Map<string, readonly Place[]>();

function common(signs: readonly (readonly Place[])[]): readonly Place[] {
  const [first = [], ...rest] = signs;
  return first.filter((place) => rest.every((sign) => sign.some((other) => samePlace(place, other))));
}

/** Zones are compared by name here: all of ours for one state have one name for one clock, and foreign ones stand alone. */
function samePlace(a: Place, b: Place): boolean {
  return a.state === b.state && a.zone === b.zone;
}

function distinct(places: readonly Place[]): readonly Place[] {
  return places.filter((place, index) => places.findIndex((other) => samePlace(place, other)) === index);
}

function subsets<T>(all: readonly T[]): T[][] {
  return all.reduce<T[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]).slice(1);
}

function larger<T>(group: readonly T[], than: readonly T[]): boolean {
  return group.length > than.length && than.every((one) => group.includes(one));
}
