import { parseFilter } from './filter-parse.ts';
import type { Expression } from './filter-parse.ts';
import { conjuncts, fieldsOf } from './filter.ts';
import type { Pages, Profile } from './profiles.ts';
import { Refusal, badQuery } from './refusal.ts';
import type { Resource, Schema } from './schema.ts';

export interface Sort {
  readonly field: string;
  readonly descending: boolean;
}

export interface Expanded {
  readonly name: string;
  readonly select: readonly string[] | undefined;
}

/** A question about a collection, with everything in it known to exist. */
export interface Query {
  readonly filter: Expression | undefined;
  readonly orderby: readonly Sort[];
  readonly select: readonly string[] | undefined;
  readonly expand: readonly Expanded[];
  readonly count: boolean;
  readonly skip: number;
  /** Rows of the whole answer; undefined: all. */
  readonly total: number | undefined;
  /** Rows of a page. */
  readonly page: number;
  /** The page size that `Prefer` asked for and got. */
  readonly preferred: number | undefined;
}

const OPTIONS = ['$top', '$skip', '$count', '$select', '$filter', '$orderby', '$expand', '$skiptoken', '$format'];

/** @throws Refusal 400 or 413 */
export function readQuery(
  options: Readonly<Record<string, string>>,
  given: { resource: Resource; schema: Schema; profile: Profile; replication: boolean; prefer: string | undefined },
): Query {
  const { resource, schema, profile } = given;
  const stranger = Object.keys(options).find((name) => name.startsWith('$') && !OPTIONS.includes(name));
  if (stranger !== undefined) throw badQuery(stranger, `The query option '${stranger}' is not supported`);
  const filter = filterOf(options['$filter'], profile);
  checkSystem(profile, resource, filter);
  const select = listOf(options['$select'])?.filter((name) => name !== '*' || undefined);
  for (const name of select ?? []) checkField(resource, name, '$select');
  const orderby = (listOf(options['$orderby']) ?? []).map((part) => sortOf(resource, part));
  const expand = splitExpand(options['$expand'] ?? '').map((part) => expandOf(resource, schema, part));
  const [skip, top] = [wholeOf(options['$skip'], '$skip'), wholeOf(options['$top'], '$top')];
  const count = options['$count']?.toLowerCase();
  if (count !== undefined && count !== 'true' && count !== 'false')
    throw badQuery('$count', `Invalid value '${count}' for $count`);
  const asked = /(?:odata\.)?maxpagesize\s*=\s*"?(\d+)/i.exec(given.prefer ?? '')?.[1];
  if (given.replication && (skip !== undefined || orderby.length > 0) && profile.vendor === 'bridge')
    throw badQuery(skip === undefined ? '$orderby' : '$skip', 'not supported by the replication endpoint');
  if (profile.deepest !== undefined && !given.replication && (skip ?? 0) + (top ?? 0) > profile.deepest)
    throw badQuery('$skip', `more than ${profile.deepest} records need the replication endpoint`);
  const pages = given.replication ? (profile.replication ?? profile.pages) : profile.pages;
  const keysOnly = select?.length === 1 && select[0] === resource.key;
  return {
    ...{ filter, orderby, expand, skip: skip ?? 0, count: count === 'true' },
    select: select?.length === 0 ? undefined : select,
    total: pages.top === 'total' ? top : undefined,
    ...pageOf(pages, {
      top,
      expanded: expand.length > 0,
      keysOnly,
      asked: asked === undefined ? undefined : Number(asked),
    }),
  };
}

function pageOf(
  pages: Pages,
  asked: { top: number | undefined; expanded: boolean; keysOnly: boolean; asked: number | undefined },
): Pick<Query, 'page' | 'preferred'> {
  const most = asked.keysOnly ? pages.mostKeys : asked.expanded ? pages.mostExpanded : pages.most;
  const wanted = pages.top === 'page' ? asked.top : undefined;
  if (wanted !== undefined && wanted > most && (pages.beyond === 'refused' || asked.keysOnly))
    throw badQuery(
      '$top',
      `The limit of '${most}' for Top query has been exceeded. The value from the incoming request is '${wanted}'.`,
    );
  const preferred = asked.asked === undefined ? undefined : Math.max(1, Math.min(most, asked.asked));
  const usual = asked.keysOnly
    ? Math.max(pages.usual, Math.min(pages.mostKeys, pages.usual))
    : Math.min(pages.usual, most);
  return { page: preferred ?? Math.min(most, wanted ?? usual), preferred };
}

function filterOf(text: string | undefined, profile: Profile): Expression | undefined {
  if (text === undefined) return undefined;
  const { expression, terms, listed } = parseFilter(text);
  if (terms > profile.mostTerms)
    throw new Refusal(413, `The filter has ${terms} terms, more than the ${profile.mostTerms} that are served`, {
      target: '$filter',
    });
  if (listed > profile.mostListed)
    throw new Refusal(413, `The filter lists ${listed} values, more than the ${profile.mostListed} that are served`, {
      target: '$filter',
    });
  return expression;
}

/** MLS Grid: one originating system in each request, and only a few fields that can be searched. */
function checkSystem({ system }: Profile, { name, fields }: Resource, filter: Expression | undefined): void {
  if (system === undefined || !fields.some((field) => field.name === system.required)) return;
  const fixed = (filter === undefined ? [] : conjuncts(filter)).filter(
    (part) =>
      part.kind === 'compare' && part.op === 'eq' && part.left.kind === 'field' && part.left.name === system.required,
  );
  if (fixed.length !== 1) throw badQuery('$filter', `${system.required} eq '…' must be in the filter exactly once`);
  const key = fieldsOf(filter!).find((field) => !system.searchable.includes(field));
  if (key !== undefined) throw badQuery('$filter', `${key} is not a searchable field of ${name}`);
}

function checkField(resource: Resource, name: string, target: string): void {
  if (!resource.fields.some((field) => field.name === name))
    throw badQuery(target, `Could not find a property named '${name}' on type '${resource.name}'`);
}

function sortOf(resource: Resource, part: string): Sort {
  const [, field = '', way = 'asc'] = /^(\S+)(?:\s+(asc|desc))?$/.exec(part) ?? [];
  if (field === '') throw badQuery('$orderby', `Cannot read '${part}'`);
  checkField(resource, field, '$orderby');
  return { field, descending: way === 'desc' };
}

function expandOf(resource: Resource, schema: Schema, part: string): Expanded {
  const [, name = '', inner] = /^(\w+)(?:\((.*)\))?$/.exec(part) ?? [];
  if (!(name in resource.children))
    throw badQuery('$expand', `Could not find a navigation '${name}' on type '${resource.name}'`);
  if (inner === undefined) return { name, select: undefined };
  const select = /^\$select=(.+)$/.exec(inner)?.[1];
  if (select === undefined) throw badQuery('$expand', `Only $select is supported within $expand, not '${inner}'`);
  const names = listOf(select) ?? [];
  for (const one of names) checkField(schema.resource(name)!, one, '$expand');
  return { name, select: names };
}

/** By commas outside of parentheses. */
function splitExpand(text: string): readonly string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function wholeOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw badQuery(name, `Invalid value '${text}' for ${name}`);
  return Number(text);
}
