/**
 * The storing process: looks at photos that are here whole, and makes them safe on the disk, one after the other. Nobody waits
 * in this process, so everything is a plain call; the server's process goes on relaying meanwhile. (TRUST promise 1.)
 */
import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { read } from '../../protocol/codec.ts';
import { inspect } from '../images/inspect.ts';
import { findParent } from '../processes/parent.ts';
import { renameFileSync } from '../store/rename.ts';
import { type Order, type Report, toStoring } from './messages.ts';

const parent = findParent();
if (!parent) {
  process.stderr.write('This file is the storing process; the server starts it.\n');
  process.exit(1);
}
parent.onGone(() => process.exit());
// Ctrl+C in a terminal goes to every process in it; the parent decides what is still finished.
process.on('SIGINT', () => {});
parent.onMessage(message => {
  const order = read(toStoring, message);
  if (order.ok) parent.send(keep(order.value));
});
parent.send({ type: 'ready' } satisfies Report);

/** Folders that are on the disk under their name. */
const folders = new Set<string>();

function keep(order: Order): Report {
  const { id, bytes: given, maxPixels } = order;
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const found = inspect(bytes, { maxPixels });
  if (!found.ok) return { type: 'refused', id, error: found.error };
  try {
    write(order, bytes);
  } catch (error) {
    for (const path of [order.temporary, order.target]) rmSync(path, { force: true });
    return { type: 'disk', id, reason: error instanceof Error ? error.message : String(error) };
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { type: 'kept', id, facts: { ...found.value, bytes: bytes.length, sha256 } };
}

/** Synced before it gets its name, and the name after that: what is told as kept survives the power going off. */
function write({ temporary, target, folder, shelf, leftFree }: Order, bytes: Buffer): void {
  const { bavail, bsize } = statfsSync(shelf);
  if (bavail * bsize - bytes.length < leftFree) throw new Error('ENOSPC: what is left of the disk is not for photos');
  const file = openSync(temporary, 'wx', 0o600);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  if (!folders.has(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    syncName(shelf);
    folders.add(folder);
  }
  renameFileSync(temporary, target);
  syncName(folder);
}

/** As `store/sync-folder.ts` does, where it may wait. */
function syncName(folder: string): void {
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
