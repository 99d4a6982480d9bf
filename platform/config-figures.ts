import { z } from 'zod';
import { type FigureAddress, shownAddress } from '../domain/market/followed-files.ts';
import { figureSources } from '../domain/market/figures.ts';

const EXPECTED = `expected ${figureSources.join(', ')} with an address each, such as fhfa=https://files.example.com/metro.csv, with a space between two`;
/** It goes into the name of a workflow. */
const LONGEST = 500;

/** `fhfa=https://… zhvi=https://…`; undefined where it is anything else, or names an address twice. */
export function figureAddresses(text: string): readonly FigureAddress[] | undefined {
  const addresses: FigureAddress[] = [];
  const named = new Set<string>();
  for (const part of text.split(/\s+/).filter((word) => word !== '')) {
    const [name = '', ...rest] = part.split('=');
    const source = figureSources.find((one) => one === name);
    const url = rest.join('=');
    if (source === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
    const address = new URL(url);
    const known = `${source} ${shownAddress(address)}`;
    if (address.username !== '' || address.password !== '' || known.length > LONGEST || named.has(known))
      return undefined;
    named.add(known);
    addresses.push({ source, url });
  }
  return addresses;
}

/** Addresses of public files of figures. */
export const figureAddressList = z
  .string()
  .transform((text, context) => {
    const addresses = figureAddresses(text);
    if (addresses !== undefined) return addresses;
    context.addIssue(EXPECTED);
    return z.NEVER;
  })
  .default([])
  .meta({
    shown: 'none',
    means:
      'Public files of market figures to be fetched each day where they changed: `fhfa=ADDRESS`, `zhvi=ADDRESS` or `redfin=ADDRESS`, with spaces between ([market.md](market.md)).',
    secret: true,
  });
