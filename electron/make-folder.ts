/** Makes a folder that is its owner's alone. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * With the parents that are missing, 0700 all of them. Not Node's own `recursive`: that one tries for ever where a
 * parent that is there says that it is not (/proc, a drive that went away), and a start would hang without a word.
 */
export function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  const parent = dirname(dir);
  if (parent !== dir) makeFolder(parent);
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    // Another start made it at the same moment.
    if (!existsSync(dir)) throw error;
  }
}
