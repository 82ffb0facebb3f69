/** A Wi-Fi between phone and desk that can stand still in the middle of an upload, for browsers that cannot slow down by themselves. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface SlowLink {
  port: number;
  /** To be called before the first phone comes. */
  leadTo(url: string): void;
  /** From now on each connection carries so many bytes from the phone and then no more; answers still come back. */
  stall(afterBytes: number): void;
  /** What stands still goes on. */
  flow(): void;
  close(): Promise<void>;
}

/** Listens on a free port of `host`. */
export async function openSlowLink(host: string): Promise<SlowLink> {
  const phones = new Set<Socket>();
  let desk: URL | null = null;
  let limit = Number.POSITIVE_INFINITY;

  const server = createServer(phone => {
    if (!desk) return phone.destroy();
    const onward = connect(Number(desk.port), desk.hostname);
    let carried = 0;
    phones.add(phone);
    phone.on('data', chunk => {
      onward.write(chunk);
      carried += chunk.length;
      if (carried > limit) phone.pause();
    });
    phone.on('end', () => onward.end());
    onward.pipe(phone);
    // One side gone is the other side gone.
    for (const side of [phone, onward]) {
      side.on('error', () => {});
      side.on('close', () => {
        phone.destroy();
        onward.destroy();
        phones.delete(phone);
      });
    }
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    port: address.port,
    leadTo(url) {
      desk = new URL(url);
    },
    stall(afterBytes) {
      limit = afterBytes;
    },
    flow() {
      limit = Number.POSITIVE_INFINITY;
      for (const phone of phones) phone.resume();
    },
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      for (const phone of phones) phone.destroy();
      await closed;
    },
  };
}
