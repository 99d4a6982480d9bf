import { consentChannels } from '../domain/consent/ledger.ts';
import type { ConsentStanding } from '../domain/consent/standing.ts';
import type { LeadLedger } from '../domain/ports/consent.ts';
import { table } from './output.ts';

/** The ledger of a lead for people: first what it comes to, then every entry. */
export function ledgerText({ standing, records, facts }: LeadLedger): string {
  const rows = consentChannels.map((channel) => ({ channel, ...standing[channel] }));
  const now = table(rows, [
    { title: 'CHANNEL', of: ({ channel }) => channel },
    { title: 'WRITTEN CONSENT', of: ({ written }) => written },
    { title: 'SINCE', of: ({ record }) => record?.at },
    { title: 'TEXT', of: ({ record }) => record?.textVersion },
    { title: 'REGISTRY', of: ({ channel, registry }) => (channel === 'email' ? null : registry) },
  ]);
  const parts = [now, about(standing.sms)];
  if (records.length > 0) {
    parts.push(
      table(records, [
        { title: 'GIVEN', of: ({ givenAt }) => givenAt },
        { title: 'RECORDED', of: ({ recordedAt }) => recordedAt },
        { title: 'CHANNEL', of: ({ channel }) => channel },
        { title: 'STATE', of: ({ state }) => state },
        { title: 'TEXT', of: ({ textVersion }) => textVersion },
        { title: 'BASIS', of: ({ basis }) => basis },
        { title: 'ADDRESS', of: ({ address }) => address },
        { title: 'BY', of: ({ recordedBy }) => recordedBy },
      ]),
    );
  }
  if (facts.length > 0) {
    parts.push(
      table(facts, [
        { title: 'AT', of: ({ at }) => at },
        { title: 'FACT', of: ({ kind }) => kind },
        { title: 'BASIS', of: ({ basis }) => basis },
        { title: 'BY', of: ({ recordedBy }) => recordedBy },
      ]),
    );
  }
  return parts.join('\n');
}

function about({ origin, relationship }: ConsentStanding): string {
  const business = relationship === null ? 'none' : `${relationship.kind}, until ${relationship.until}`;
  return `origin        ${origin}\nrelationship  ${business}\n`;
}
