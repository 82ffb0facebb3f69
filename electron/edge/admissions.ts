/** How many connections one address may hold, whatever they speak and however they come. (CONTRACT 7.) */
import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../protocol/errors.ts';
import type { Log } from '../core/ports.ts';
import { type Authenticate, look, type Presented, tokenOf } from './authenticate.ts';
import type { ClientAddress, ReadAddress } from './client-address.ts';

export interface Admission {
  client: ClientAddress;
  /** What its handshake carried; `null` without a token. */
  presented: Presented | null;
  /** It has said who it is. */
  identified(): void;
  /** It is gone; more than once is fine. */
  released(): void;
}

/** Never rejects. It may be gone before it is let in: who asks has to look. */
export type Admit = (request: IncomingMessage) => Promise<Result<Admission>>;

export const tooManyConnections = fail('rate_limited', 'Demasiadas conexiones desde esta dirección.');

export function createAdmissions(parts: {
  readAddress: ReadAddress;
  authenticate: Authenticate;
  log: Log;
  maxPerAddress: number;
  /** Those who have not said yet who they are, and those whose token is no good. */
  maxUnidentified: number;
}): Admit {
  const { readAddress, maxPerAddress, maxUnidentified } = parts;
  const open = createCounter();
  const unidentified = createCounter();

  return async request => {
    const client = readAddress(request);
    const { address, isLegacy } = client;
    if (!isLegacy && open.of(address) >= maxPerAddress) return tooManyConnections;
    open.add(address, 1);
    const leave = once(() => open.add(address, -1));
    const token = tokenOf(request);
    const presented = token === null ? null : await look(token, parts);
    // The silent ones of an address are not in the way of those who say at once who they are.
    if (presented?.found.ok) return ok({ client, presented, identified() {}, released: leave });
    if (!isLegacy && unidentified.of(address) >= maxUnidentified) {
      leave();
      return tooManyConnections;
    }
    unidentified.add(address, 1);
    const identified = once(() => unidentified.add(address, -1));
    const released = () => {
      identified();
      leave();
    };
    return ok({ client, presented, identified, released });
  };
}

function createCounter() {
  const counts = new Map<string, number>();
  return {
    of: (key: string) => counts.get(key) ?? 0,
    add(key: string, change: number) {
      const next = (counts.get(key) ?? 0) + change;
      if (next > 0) counts.set(key, next);
      else counts.delete(key);
    },
  };
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
