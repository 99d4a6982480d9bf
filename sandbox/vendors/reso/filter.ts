import type { Expression, Literal, Operand, Operator } from './filter-parse.ts';
import { badQuery } from './refusal.ts';
import { codeOf, valueIn } from './schema.ts';
import type { Field, Resource } from './schema.ts';
import type { Row } from './wire.ts';

export type Test = (row: Row) => boolean;
type Value = string | number | bigint | boolean | null;
interface Compiled {
  readonly read: (row: Row) => Value;
  readonly type: Literal['type'];
  /** Text of a look-up: its spelling does not matter, words or code. */
  readonly lookup: boolean;
}

const TYPES: Readonly<Record<Field['type'], Literal['type']>> = {
  Boolean: 'boolean',
  Date: 'date',
  DateTimeOffset: 'instant',
  Decimal: 'number',
  Double: 'number',
  Int32: 'number',
  Int64: 'number',
  String: 'text',
};

/** @throws Refusal 400 for fields that the resource does not have and for values of another type than the field's */
export function compileFilter(expression: Expression, resource: Resource): Test {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const left = compileFilter(expression.left, resource);
      const right = compileFilter(expression.right, resource);
      return expression.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
    }
    case 'not': {
      const of = compileFilter(expression.of, resource);
      return (row) => !of(row);
    }
    case 'in': {
      const left = operandOf(expression.left, resource);
      const tests = expression.list.map((item) => {
        const right = operandOf(item, resource);
        return comparison('eq', fitting(right, left), fitting(left, right));
      });
      return (row) => tests.some((test) => test(row));
    }
    case 'call': {
      const [of, part] = expression.args.map((one) => operandOf(one, resource));
      if (of?.type !== 'text' || part?.type !== 'text') throw badQuery('$filter', `${expression.name} takes two texts`);
      return textTest(expression.name, of, part);
    }
    case 'compare': {
      const left = operandOf(expression.left, resource);
      const right = operandOf(expression.right, resource);
      return comparison(expression.op, fitting(right, left), fitting(left, right));
    }
  }
}

/** Fields that an expression names, each once. */
export function fieldsOf(expression: Expression): readonly string[] {
  const of = (operand: Operand): string[] =>
    operand.kind === 'field' ? [operand.name] : operand.kind === 'function' ? of(operand.of) : [];
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [...new Set([...fieldsOf(expression.left), ...fieldsOf(expression.right)])];
    case 'not':
      return fieldsOf(expression.of);
    case 'in':
      return of(expression.left);
    case 'call':
      return [...new Set(expression.args.flatMap(of))];
    case 'compare':
      return [...new Set([...of(expression.left), ...of(expression.right)])];
  }
}

/** Parts that must all hold. */
export function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? [...conjuncts(expression.left), ...conjuncts(expression.right)] : [expression];
}

function operandOf(operand: Operand, resource: Resource): Compiled {
  switch (operand.kind) {
    case 'literal': {
      const { type, value } = operand;
      return { read: () => value, type, lookup: false };
    }
    case 'function':
      return functionOf(operand.name, operandOf(operand.of, resource));
    case 'field': {
      const field = resource.fields.find(({ name }) => name === operand.name);
      if (field === undefined)
        throw badQuery('$filter', `Could not find a property named '${operand.name}' on type '${resource.name}'`);
      if (field.collection) throw badQuery('$filter', `'${field.name}' is a collection and cannot be compared`);
      const read =
        field.type === 'DateTimeOffset'
          ? (row: Row): Value => instantOf(valueIn(row, field))
          : (row: Row): Value => valueIn(row, field) as Value;
      return { read, type: TYPES[field.type], lookup: field.lookup !== undefined };
    }
  }
}

function functionOf(name: string, of: Compiled): Compiled {
  const text = (read: (value: string) => Value, type: Literal['type']): Compiled => ({
    read: (row) => {
      const value = of.read(row);
      return value === null ? null : read(typeof value === 'number' ? new Date(value).toISOString() : String(value));
    },
    ...{ type, lookup: false },
  });
  switch (name) {
    case 'tolower':
      return text((value) => value.toLowerCase(), 'text');
    case 'toupper':
      return text((value) => value.toUpperCase(), 'text');
    case 'trim':
      return text((value) => value.trim(), 'text');
    case 'length':
      return text((value) => value.length, 'number');
    case 'date':
      return text((value) => value.slice(0, 10), 'date');
    case 'year':
      return text((value) => Number(value.slice(0, 4)), 'number');
    case 'month':
      return text((value) => Number(value.slice(5, 7)), 'number');
    default:
      return text((value) => Number(value.slice(8, 10)), 'number');
  }
}

/** The operand as the other one's type has it: a day is also an instant, a number may come as a text that MLSs quote. */
function fitting(other: Compiled, one: Compiled): Compiled {
  if (one.type === other.type || one.type === 'null' || other.type === 'null')
    return one.lookup || (other.lookup && one.type === 'text') ? { ...one, read: coded(one.read) } : one;
  if (other.type === 'instant' && one.type === 'date')
    return { ...one, type: 'instant', read: (row) => instantOf(one.read(row)) };
  if (one.type === 'instant' && other.type === 'date') return one;
  throw badQuery(
    '$filter',
    `A binary operator with incompatible types was detected: '${other.type}' and '${one.type}'`,
  );
}

const coded =
  (read: Compiled['read']) =>
  (row: Row): Value => {
    const value = read(row);
    return typeof value === 'string' ? codeOf(value) : value;
  };

function comparison(op: Operator, left: Compiled, right: Compiled): Test {
  return (row) => {
    const [a, b] = [left.read(row), right.read(row)];
    if (a === null || b === null) return op === 'eq' ? a === b : op === 'ne' ? a !== b : false;
    switch (op) {
      case 'eq':
        return !(a < b) && !(a > b);
      case 'ne':
        return a < b || a > b;
      case 'gt':
        return a > b;
      case 'ge':
        return a >= b;
      case 'lt':
        return a < b;
      case 'le':
        return a <= b;
    }
  };
}

function textTest(name: 'contains' | 'startswith' | 'endswith', of: Compiled, part: Compiled): Test {
  return (row) => {
    const [text, wanted] = [of.read(row), part.read(row)];
    if (typeof text !== 'string' || typeof wanted !== 'string') return false;
    if (name === 'contains') return text.includes(wanted);
    return name === 'startswith' ? text.startsWith(wanted) : text.endsWith(wanted);
  };
}

function instantOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? null : at;
}
