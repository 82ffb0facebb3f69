/**
 * A Wi-Fi between phone and desk, for browsers that cannot slow down by themselves and for breaks that they cannot imitate: it
 * can stand still, delay, swallow answers, break connections and take no new ones, each at a place in the bytes and not in time.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What happens to one upload. `stall`: it stands still after so many bytes; `reset`: it breaks there; `unanswered`: it arrives, and its connection breaks before the answer. */
type Trouble = { stall: number } | { reset: number } | 'unanswered';

export interface SlowLink {
  port: number;
  /** To be called before the first phone comes. */
  leadTo(url: string): void;
  /** From now on each connection carries so many bytes from the phone and then no more; answers still come back. */
  stall(afterBytes: number): void;
  /** What stands still goes on. */
  flow(): void;
  /** From now on each piece takes so many milliseconds longer, both ways. */
  delay(milliseconds: number): void;
  /** What the next uploads meet, the first of them the first one, as they begin; those after them meet nothing. */
  meet(...troubles: Trouble[]): void;
  /** How many of them are still to come. */
  ahead(): number;
  /** Resolves when the next upload stands still for its trouble, with what breaks its connection. */
  stalled(): Promise<() => void>;
  /** Breaks every connection and takes no new one. */
  cut(): void;
  /** New ones are taken again. */
  restore(): void;
  /** How many were not taken since the last `cut`. */
  refused(): number;
  close(): Promise<void>;
}

/** Listens on a free port of `host`. */
export async function openSlowLink(host: string): Promise<SlowLink> {
  const phones = new Set<Socket>();
  const troubles: Trouble[] = [];
  const standing: (() => void)[] = [];
  const waiting: ((breakIt: () => void) => void)[] = [];
  let desk: URL | null = null;
  let limit = Number.POSITIVE_INFINITY;
  let wait = 0;
  let isCut = false;
  let refusals = 0;

  /** In the order in which it is called. */
  const later = (then: () => void) => void (wait === 0 ? then() : setTimeout(then, wait));

  const server = createServer(phone => {
    phone.on('error', () => {});
    if (!desk || isCut) {
      refusals += 1;
      phone.resetAndDestroy();
      return;
    }
    const onward = connect(Number(desk.port), desk.hostname);
    let carried = 0;
    let ofUpload = 0;
    let trouble: Trouble | undefined;
    phones.add(phone);
    phone.on('data', chunk => {
      // A browser waits for the answer before it asks anew: a request begins with a piece of its own.
      if (chunk.subarray(0, 9).toString('latin1') === 'PUT /api/') {
        trouble = troubles.shift();
        ofUpload = 0;
      }
      later(() => onward.write(chunk));
      carried += chunk.length;
      ofUpload += chunk.length;
      if (carried > limit) phone.pause();
      if (typeof trouble !== 'object') return;
      if ('reset' in trouble && ofUpload > trouble.reset) phone.resetAndDestroy();
      else if ('stall' in trouble && ofUpload > trouble.stall) {
        trouble = undefined;
        phone.pause();
        const breakIt = () => void phone.resetAndDestroy();
        const asked = waiting.shift();
        if (asked) asked(breakIt);
        else standing.push(breakIt);
      }
    });
    phone.on('end', () => later(() => onward.end()));
    onward.on('data', chunk => {
      if (trouble === 'unanswered') phone.resetAndDestroy();
      else later(() => phone.write(chunk));
    });
    onward.on('end', () => later(() => phone.end()));
    onward.on('error', () => {});
    // One side gone is the other side gone.
    for (const side of [phone, onward]) {
      side.on('close', () => {
        phones.delete(phone);
        later(() => {
          phone.destroy();
          onward.destroy();
        });
      });
    }
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const resume = () => {
    for (const phone of phones) phone.resume();
  };
  return {
    port: address.port,
    leadTo(url) {
      desk = new URL(url);
    },
    stall(afterBytes) {
      limit = afterBytes;
      // Where more may pass than before, it does.
      resume();
    },
    flow() {
      limit = Number.POSITIVE_INFINITY;
      resume();
    },
    delay(milliseconds) {
      wait = milliseconds;
    },
    meet(...next) {
      troubles.push(...next);
    },
    ahead: () => troubles.length,
    stalled: () =>
      new Promise(resolve => {
        const breakIt = standing.shift();
        if (breakIt) resolve(breakIt);
        else waiting.push(resolve);
      }),
    cut() {
      isCut = true;
      refusals = 0;
      for (const phone of phones) phone.resetAndDestroy();
    },
    restore() {
      isCut = false;
    },
    refused: () => refusals,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      for (const phone of phones) phone.destroy();
      await closed;
    },
  };
}
