/** All measurements, one after the other, each next to its alternative, and one table at the end. */

import { deskScale } from './desk-scale.ts';
import { fanOut } from './fan-out.ts';
import { idle } from './idle.ts';
import { pageWeight } from './page-weight.ts';
import { phoneReady } from './phone-ready.ts';
import { photoToScreen } from './photo-to-screen.ts';
import { relay } from './relay.ts';
import { startUp } from './start-up.ts';
import { type Row, table } from './table.ts';

const measurements: Record<string, () => Promise<Row[]>> = {
  photo: photoToScreen,
  relay,
  fan: fanOut,
  idle,
  start: startUp,
  weight: pageWeight,
  desk: deskScale,
  phone: phoneReady,
};

/** Runs those named, or all; gives the exit code: 1 where a figure is missed. */
export async function bench(names: readonly string[]): Promise<number> {
  const unknown = names.filter(name => !(name in measurements));
  if (unknown.length > 0) {
    process.stderr.write(`unknown: ${unknown.join(', ')}; there are: ${Object.keys(measurements).join(', ')}\n`);
    return 2;
  }
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(measurements)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`measuring: ${name}\n`);
    rows.push(...(await measure()));
  }
  process.stdout.write(`${table(rows)}\n`);
  return rows.some(row => row.limit !== null && row.value > row.limit) ? 1 : 0;
}
