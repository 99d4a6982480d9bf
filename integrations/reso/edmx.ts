import sax from 'sax';
import { broken } from './page.ts';

/** What a metadata document says, as far as we read it. Types are qualified names, as in the document but for aliases. */
export interface Edmx {
  /** Entity set → field → type. */
  readonly sets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Enumeration, by its own name → members. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

interface EntityType {
  readonly base: string | undefined;
  readonly fields: Map<string, string>;
}

interface Document {
  readonly aliases: Map<string, string>;
  readonly types: Map<string, EntityType>;
  /** Named types that stand for another. */
  readonly definitions: Map<string, string>;
  readonly enums: Map<string, string[]>;
  readonly sets: Map<string, string>;
}

/** Types build on types, and no document does so deeper. */
const DEEPEST = 16;

/**
 * Reads an OData 4 metadata document (CSDL XML). Document types and entities of its own are refused: they serve attacks alone.
 * @throws AppError FEED_BROKEN where it is not well-formed, or has no entity sets
 */
export function readEdmx(text: string): Edmx {
  const document = parsed(text);
  if (document.sets.size === 0) throw broken('$metadata', 'entity sets', 'has none');
  const sets = [...document.sets].map(([name, type]) => [name, fieldsOf(document, type, 0)] as const);
  const enums = [...document.enums].map(([name, members]) => [name.slice(name.lastIndexOf('.') + 1), members] as const);
  return { sets: Object.fromEntries(sets), enums: Object.fromEntries(enums) };
}

function parsed(text: string): Document {
  const document: Document = {
    aliases: new Map(),
    types: new Map(),
    definitions: new Map(),
    enums: new Map(),
    sets: new Map(),
  };
  const parser = sax.parser(true, { position: false });
  let namespace = '';
  let type: EntityType | undefined;
  let members: string[] | undefined;
  let elements = 0;

  parser.onerror = () => {
    throw broken('$metadata', 'well-formed XML', 'is cut off or no XML');
  };
  parser.ondoctype = () => {
    throw broken('$metadata', 'a document without a document type', 'has one');
  };
  parser.onopentag = ({ name, attributes }) => {
    elements += 1;
    const { Name, Type, Namespace, Alias, BaseType, EntityType, UnderlyingType } = attributes as Record<string, string>;
    switch (name.slice(name.indexOf(':') + 1)) {
      case 'Schema':
        namespace = Namespace ?? '';
        if (Alias !== undefined) document.aliases.set(Alias, namespace);
        break;
      case 'EntityType':
        type = { base: BaseType, fields: new Map() };
        document.types.set(`${namespace}.${Name ?? ''}`, type);
        break;
      case 'Property':
        if (Name !== undefined && Type !== undefined) type?.fields.set(Name, Type);
        break;
      case 'TypeDefinition':
        document.definitions.set(`${namespace}.${Name ?? ''}`, UnderlyingType ?? '');
        break;
      case 'EnumType':
        members = [];
        document.enums.set(`${namespace}.${Name ?? ''}`, members);
        break;
      case 'Member':
        if (Name !== undefined) members?.push(Name);
        break;
      case 'EntitySet':
        if (Name !== undefined && EntityType !== undefined) document.sets.set(Name, EntityType);
        break;
      default:
    }
  };
  parser.onclosetag = (name) => {
    const local = name.slice(name.indexOf(':') + 1);
    if (local === 'EntityType') type = undefined;
    if (local === 'EnumType') members = undefined;
  };
  parser.write(text).close();
  if (elements === 0) throw broken('$metadata', 'well-formed XML', 'is empty');
  return document;
}

/** Fields of a type with those that it builds on; its own win. */
function fieldsOf(document: Document, name: string, depth: number): Readonly<Record<string, string>> {
  const type = document.types.get(qualified(document, name));
  if (type === undefined || depth > DEEPEST) throw broken('$metadata', 'a type for every entity set', 'lacks one');
  const inherited = type.base === undefined ? {} : fieldsOf(document, type.base, depth + 1);
  const own = [...type.fields].map(([field, declared]) => [field, resolved(document, declared)] as const);
  return { ...inherited, ...Object.fromEntries(own) };
}

function resolved(document: Document, declared: string): string {
  const inner = /^Collection\((.+)\)$/.exec(declared)?.[1];
  if (inner !== undefined) return `Collection(${resolved(document, inner)})`;
  const name = qualified(document, declared);
  return document.definitions.get(name) ?? name;
}

/** `Alias.Name` is the same type as `Namespace.Name`. */
function qualified({ aliases }: Document, name: string): string {
  const dot = name.lastIndexOf('.');
  const namespace = aliases.get(name.slice(0, dot));
  return namespace === undefined ? name : `${namespace}${name.slice(dot)}`;
}
