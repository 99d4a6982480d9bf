/** What every e-mail that solicits ends in. Null: not known. */
export interface EmailFooterFacts {
  readonly sender: string | null;
  /** Of the location, on one line or several. */
  readonly postalAddress: string | null;
  /** Page on which this person ends such e-mails. */
  readonly unsubscribeUrl: string | null;
}

/**
 * Who wrote, where they can be reached by mail, and how to hear no more: without any of the three an e-mail that solicits does not go out.
 * No line says that it is an advertisement: it goes to people alone who have agreed to such e-mails beforehand.
 * @returns the words with all of it below them that is known; the gate looks whether it is whole
 * @see 15 USC 7704(a)(3), (5); 16 CFR 316.5
 */
export function withFooter(body: string, { sender, postalAddress, unsubscribeUrl }: EmailFooterFacts): string {
  const who = [sender, postalAddress].filter(isThere);
  const out = isThere(unsubscribeUrl)
    ? [`To get no more e-mails like this one${isThere(sender) ? ` from ${sender}` : ''}, open:\n${unsubscribeUrl}`]
    : [];
  const footer = [...(who.length > 0 ? [who.join('\n')] : []), ...out].join('\n\n');
  return footer === '' ? body : `${body.trimEnd()}\n\n--\n${footer}`;
}

/** What of it these words do not bear, whoever put them together. */
export function footerLacks(
  body: string,
  { sender, postalAddress }: Pick<EmailFooterFacts, 'sender' | 'postalAddress'>,
): string[] {
  const words = bare(body);
  const bears = (fact: string | null) => isThere(fact) && words.includes(bare(fact));
  return [
    ...(bears(sender) ? [] : ['the name of the location']),
    ...(bears(postalAddress) ? [] : ['its postal address']),
    ...(/^https?:\/\/\S+\/u\/[\w-]{80,}$/m.test(body) ? [] : ['a link to unsubscribe']),
  ];
}

function isThere(fact: string | null): fact is string {
  return fact !== null && fact.trim() !== '';
}

function bare(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
