/** All measurements, one after the other, each next to its alternative, and one table at the end. */

import { deskScale } from './desk-scale.ts';
import { fanOut } from './fan-out.ts';
import { idle } from './idle.ts';
import { pageWeight } from './page-weight.ts';
import { phoneReady } from './phone-ready.ts';
import { photoToScreen } from './photo-to-screen.ts';
import { relay } from './relay.ts';
import { soak } from './soak.ts';
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

/** Those that take so long that they run only by their name. */
const long: Record<string, () => Promise<Row[]>> = { soak };

/** Runs those named, or all but the long ones; gives the exit code: 1 where a figure is missed. */
export async function bench(names: readonly string[]): Promise<number> {
  const known = { ...measurements, ...long };
  const unknown = names.filter(name => !(name in known));
  if (unknown.length > 0) {
    const [short, slow] = [measurements, long].map(some => Object.keys(some).join(', '));
    process.stderr.write(`unknown: ${unknown.join(', ')}; there are: ${short}; by name alone, 10 minutes: ${slow}\n`);
    return 2;
  }
  const wanted = names.length > 0 ? names : Object.keys(measurements);
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(known)) {
    if (!wanted.includes(name)) continue;
    process.stderr.write(`measuring: ${name}\n`);
    rows.push(...(await measure()));
  }
  process.stdout.write(`${table(rows)}\n`);
  return rows.some(row => row.limit !== null && row.value > row.limit) ? 1 : 0;
}
