import type { LocationSettings } from '../../domain/leads/settings.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';

/** A brokerage as its page of settings has it when somebody took an hour for it; nobody's. */
const facts = [
  'We are a team of nine agents and have worked in the area since 2009.',
  'Showings are on all days of the week, by appointment; on Sundays from noon on.',
  'A showing takes about half an hour, and two or three homes can be seen in one trip.',
  'Buyers can see most homes within two days; homes with tenants need a day more, since they are told before.',
  'There is no fee for a first talk or for a showing.',
  'Before the first showing we sign a buyer agreement that says what we do and what it costs; it can be ended at any time.',
  'We work with local lenders and inspectors and give names of three of each; we get nothing for it.',
  'Sellers get a written plan with photos, floor plans and the first open house within a week.',
  'Photos and floor plans are made by our own photographer at no cost to the seller.',
  'An agent comes by, free of charge, to look at a home before anything is said about its price.',
  'A cash offer is possible for homes in any condition; it comes from a buyer whom we name.',
  'We manage rentals for owners who do not want to sell yet.',
  'Open houses are on Saturdays between eleven and two.',
  'Offers are written by an agent together with the buyer and are presented the same day.',
  'Earnest money goes to the title company and never to us.',
  'Keys are handed over on the day of the closing once the title company has recorded it.',
  'Pets are a matter of each building; we ask the association before a showing.',
  'New homes can be seen with us as well; the builder pays for it.',
  'The office has parking behind the building and is on the ground floor.',
  'Agents speak English and Spanish.',
] as const;

export const brokerage = {
  ...{ name: 'Example Realty Group', timezone: 'America/New_York' },
  settings: {
    ...defaultSettings,
    senderNumbers: { ...defaultSettings.senderNumbers, standard: '+18135550100' },
    postalAddress: '400 Bay Street, Suite 210, Tampa, FL 33602',
    agentVoice: { ...defaultSettings.agentVoice, tone: 'warm' },
    budgets: { modelDollarsPerDay: 1_000 },
    assistant: {
      ...defaultSettings.assistant,
      facts: [...facts],
      areas: ['Tampa', 'Brandon', 'Riverview', 'Plant City', 'Temple Terrace', 'Lutz', 'Wesley Chapel', 'Apollo Beach'],
      states: ['FL'],
      leadDollarsPer30Days: 50,
    },
  },
} satisfies { readonly settings: LocationSettings; readonly name: string; readonly timezone: string };
