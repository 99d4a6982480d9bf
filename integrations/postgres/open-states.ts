/** States of a send from which something may still happen without a human. */
export const OPEN_STATES = `('claimed', 'sending', 'not-sent', 'unknown')`;
