/** A ZIP that is written while it is read: one entry after the other, never a whole one in memory. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface Entry {
  /** With folders, by `/`. */
  name: string;
  at: Date;
  content: Readable | Buffer;
  /** Not for what is compressed already: pictures, most documents. */
  compress: boolean;
}

/**
 * Asks for the next entry when the one before has been read to its end. Rejects when an entry cannot be read, or `out` is
 * closed early; the entry that is open is closed then, and `out` ended in the middle, so that nobody takes it for whole.
 */
export async function writeArchive(entries: AsyncIterable<Entry>, out: Writable): Promise<void> {
  const zip = new ZipFile();
  const gone = once(out, 'close').then(() => Promise.reject(new Error('the reader went away')));
  gone.catch(() => {});
  // What goes wrong with an entry is heard at the entry itself.
  zip.on('error', () => {});
  zip.outputStream.pipe(out);
  try {
    for await (const { name, at, content, compress } of entries) {
      const stream = content instanceof Readable ? content : Readable.from([content]);
      const read = once(stream, 'end');
      zip.addReadStream(stream, name, { mtime: at, compress, mode: 0o100600 });
      try {
        await Promise.race([read, gone]);
      } finally {
        read.catch(() => {});
        stream.destroy();
      }
    }
    zip.end();
    await Promise.race([once(out, 'finish'), gone]);
  } catch (error) {
    out.destroy();
    throw error;
  }
}

export interface Measured {
  stream: Readable;
  /** Once it has been read to its end. */
  facts(): { bytes: number; sha256: string };
}

/** Counts and hashes what is read. */
export function measured(source: Readable): Measured {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* pass() {
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  return { stream: Readable.from(pass(), { objectMode: false }), facts: () => ({ bytes, sha256: hash.digest('hex') }) };
}
