/**
 * The image process: photos from strangers are decoded here, where a crash, a hang or a memory bomb costs one photo and not
 * the desk. The parent decides what is done next, and how much at a time.
 */
import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { dirname } from 'node:path';
import { read } from '../../protocol/codec.ts';
import { findParent } from '../processes/parent.ts';
import { renameFile } from '../store/rename.ts';
import { syncFolder } from '../store/sync-folder.ts';
import { type Report, type Task, toWorker } from './messages.ts';
import { makeFull, makeThumb, type Picture, prepareSharp } from './picture.ts';

/** A picture can grow by some 100 MB in this time. */
const MEMORY_CHECK_MS = 50;

const parent = findParent();
if (!parent) {
  process.stderr.write('This file is the image process; the server starts it.\n');
  process.exit(1);
}
// Answering phones goes before polishing pictures. Threads take over the priority of the one that starts them, so this comes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
prepareSharp();
// An orderly exit would wait for, or trip over, decoder threads that are still at work.
parent.onGone(endNow);
// Ctrl+C in a terminal goes to every process in it; the parent decides what is still finished.
process.on('SIGINT', () => {});
parent.onMessage(message => {
  const task = read(toWorker, message);
  if (!task.ok) return;
  const watch = watchMemory(task.value.maxMemory);
  void work(task.value).then(report => {
    clearInterval(watch);
    parent.send(report);
  });
});
parent.send({ type: 'ready' } satisfies Report);

function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Watches only while there is work, so that an idle desk stays idle. */
function watchMemory(maxMemory: number): NodeJS.Timeout {
  const check = () => {
    if (process.memoryUsage.rss() > maxMemory) endNow();
  };
  check();
  return setInterval(check, MEMORY_CHECK_MS);
}

async function work({ id, kind, source, target, maxPixels }: Task): Promise<Report> {
  let picture: Picture;
  try {
    const bytes = await readFile(source);
    picture = await (kind === 'thumb' ? makeThumb : makeFull)(bytes, maxPixels);
  } catch (error) {
    // A source that is gone or on a bad sector stays so; any other trouble with reading (a virus scanner, say) may pass.
    const disk = systemCode(error);
    if (disk && disk !== 'ENOENT' && disk !== 'EIO') return { type: 'disk', id, reason: disk };
    return { type: 'unreadable', id, reason: error instanceof Error ? error.message : String(error) };
  }
  try {
    await write(target, picture.bytes);
  } catch (error) {
    return { type: 'disk', id, reason: systemCode(error) ?? String(error) };
  }
  const { width, height, mime } = picture;
  const sha256 = createHash('sha256').update(picture.bytes).digest('hex');
  return { type: 'made', id, width, height, sha256, mime };
}

/** The code of an operating system's error, such as `ENOSPC`; `null` for any other error. */
function systemCode(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : null;
}

/** Whole or not at all: under the target's name there is never half a picture, whatever happens when. */
async function write(target: string, bytes: Buffer): Promise<void> {
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameFile(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
