/** Which square of a grid a place is in; null where either number is missing. */
export function cellKey(latitude: number, longitude: number, degrees: number): string | null {
  if (Number.isNaN(latitude) || Number.isNaN(longitude)) return null;
  return `${Math.floor(latitude / degrees)},${Math.floor(longitude / degrees)}`;
}
