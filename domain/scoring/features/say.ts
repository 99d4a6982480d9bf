/** Numbers as an agent reads them; no more digits than are meant. */
export function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Two days and more in days. */
export function hours(count: number): string {
  if (count < 1) return 'less than an hour';
  return count < 48 ? counted(Math.round(count), 'hour') : counted(Math.round(count / 24), 'day');
}

export function amount(dollars: number): string {
  if (dollars < 10_000) return `$${Math.round(dollars)}`;
  return dollars < 1e6 ? `$${Math.round(dollars / 1_000)}k` : `$${(dollars / 1e6).toFixed(2).replace(/\.?0+$/, '')}M`;
}
