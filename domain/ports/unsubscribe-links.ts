/** Whom a link in an e-mail lets end such e-mails; it names no person to anybody else. */
export interface UnsubscribeGrant {
  readonly locationId: string;
  readonly contactId: string;
  /** Keyed hash of the address that the e-mail went to. */
  readonly personHash: string;
  readonly channel: 'email';
  /** The e-mail that bears it. */
  readonly sendId: string;
}

/** Links of e-mails. A token is read only by the installation that made it, for ever. */
export interface UnsubscribeLinks {
  /** Null: it is not known where people reach us. */
  urlFor(grant: UnsubscribeGrant): string | null;
  /** Undefined: not of our making. */
  read(token: string): UnsubscribeGrant | undefined;
}
