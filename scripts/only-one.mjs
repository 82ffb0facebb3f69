/** One process at a time does a piece of work; the others wait until it is done, or until it has died over it. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds; older than that it was left behind, and its id may be another program's by now. */
const longest = 120_000;

/**
 * @template T
 * @param {string} lock a file that holds the process's id meanwhile
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once where another process has it
 * @returns {Promise<T>}
 */
export async function onlyOne(lock, work, onWait) {
  mkdirSync(dirname(lock), { recursive: true });
  let told = false;
  while (!take(lock)) {
    if (!told) onWait?.();
    told = true;
    await pause(100);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isLeftBehind(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isLeftBehind(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > longest) return true;
    const holder = Number(readFileSync(lock, 'utf8'));
    // It is empty for the moment between being made and being written.
    return holder !== 0 && !isAlive(holder);
  } catch {
    // It was just let go.
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's.
    return error.code === 'EPERM';
  }
}
