import type { Packed, PackingSchema } from './packing.ts';
import type { SyntheticKind } from './synthetic.ts';

const tier: Packed = { words: ['hot', 'warm', 'cold'] };
const channel: Packed = { words: ['on', 'off', 'unknown'] };

/** How invented values are packed: those that dictionaries are made from, and those that these are measured with. */
export const syntheticSchemas: Readonly<Record<SyntheticKind, PackingSchema>> = {
  lead: {
    version: 1,
    fields: {
      contactId: 'id',
      name: 'text',
      phone: 'phone',
      state: { words: ['active', 'paused', 'stopped', 'taken-over'] },
      stateSince: 'instant',
      stage: { words: ['new', 'engaged', 'qualifying', 'qualified', 'opted-out', 'gone'] },
      tier,
      score: 'number',
      lastInboundAt: 'instant',
      lastHumanAt: 'instant',
      lastActivityAt: 'instant',
      createdAt: 'instant',
    },
  },
  contact: {
    version: 1,
    fields: {
      firstName: 'text',
      lastName: 'text',
      email: 'text',
      phone: 'phone',
      timezone: 'text',
      state: 'text',
      country: 'text',
      postalCode: 'text',
      source: 'text',
      assignedTo: 'id',
      tags: { list: 'text' },
      customFields: { names: 'id', each: 'text' },
      dnd: 'boolean',
      dndChannels: { fields: { sms: channel, email: channel, call: channel } },
      dateAdded: 'instant',
      knownAt: { names: 'path', each: 'instant' },
    },
  },
  listing: {
    version: 1,
    fields: {
      listingKey: 'id',
      status: 'text',
      propertyType: 'text',
      price: 'dollars',
      city: 'text',
      postalCode: 'text',
      bedrooms: 'number',
      bathrooms: 'number',
      livingSqft: 'number',
      latitude: 'number',
      longitude: 'number',
      remarks: 'text',
      listedAt: 'instant',
      changedAt: 'instant',
      events: {
        list: {
          fields: { listingKey: 'id', at: 'instant', kind: 'label', priceBefore: 'dollars', priceAfter: 'dollars' },
        },
      },
      matches: {
        list: {
          fields: {
            contactId: 'id',
            listingKey: 'id',
            score: 'number',
            reasons: { list: 'label' },
            matchedAt: 'instant',
          },
        },
      },
    },
  },
  conversation: {
    version: 1,
    fields: {
      contactId: 'id',
      messages: {
        list: {
          fields: {
            contactId: 'id',
            messageKey: 'id',
            direction: 'label',
            channel: 'label',
            body: 'text',
            status: 'label',
            origin: 'label',
            human: 'boolean',
            at: 'instant',
          },
        },
      },
    },
  },
};
