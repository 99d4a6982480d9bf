/** The market around the sample brokerage: small, and the same on every machine but for its dates. */
const SMALL = { seed: 20, listings: 300, mediaEach: 2, openHouseEvery: 25, offices: 12, members: 40, days: 120 };

/**
 * Puts a small market into a running stand-in. One that has a market already is left as it is, with all that happened since.
 * @returns whether anything was put in
 */
export async function seedMarket(baseUrl: string): Promise<boolean> {
  const { markets } = (await call(`${baseUrl}/_sandbox/market`)) as { markets: readonly unknown[] };
  if (markets.length > 0) return false;
  await call(`${baseUrl}/_sandbox/market`, SMALL);
  return true;
}

async function call(url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, body && { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`the RESO stand-in does not take its market: ${await response.text()}`);
  return response.json();
}
