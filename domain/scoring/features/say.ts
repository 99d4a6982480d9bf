/** Numbers as an agent reads them; no more digits than are meant. */
export function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}

/** A few of many are not none, and nearly all are not all. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return 'less than 1 %';
  return rounded === 100 && share < 1 ? 'more than 99 %' : `${rounded} %`;
}

/** Two days and more in days. */
export function hours(count: number): string {
  if (count < 1) return 'less than an hour';
  return count < 47.5 ? counted(Math.round(count), 'hour') : counted(Math.round(count / 24), 'day');
}

export function minutes(seconds: number): string {
  if (seconds === 0) return 'no time';
  return seconds < 60 ? 'less than a minute' : counted(Math.round(seconds / 60), 'minute');
}

export function amount(dollars: number): string {
  if (dollars < 9_999.5) return `$${Math.round(dollars)}`;
  return dollars < 999_500
    ? `$${Math.round(dollars / 1_000)}k`
    : `$${(dollars / 1e6).toFixed(2).replace(/\.?0+$/, '')}M`;
}
