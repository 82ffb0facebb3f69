/** How many connections one address may hold, whatever they speak and however they come. (CONTRACT 7.) */
import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../protocol/errors.ts';
import type { ClientAddress, ReadAddress } from './client-address.ts';

export interface Admission {
  client: ClientAddress;
  /** It has said who it is. */
  identified(): void;
  /** It is gone; more than once is fine. */
  released(): void;
}

export type Admit = (request: IncomingMessage) => Result<Admission>;

export const tooManyConnections = fail('rate_limited', 'Demasiadas conexiones desde esta dirección.');

export function createAdmissions(parts: {
  readAddress: ReadAddress;
  maxPerAddress: number;
  /** Those who have not said yet who they are. */
  maxUnidentified: number;
}): Admit {
  const { readAddress, maxPerAddress, maxUnidentified } = parts;
  const open = createCounter();
  const unidentified = createCounter();

  return request => {
    const client = readAddress(request);
    const { address, isLegacy } = client;
    if (!isLegacy && (open.of(address) >= maxPerAddress || unidentified.of(address) >= maxUnidentified)) {
      return tooManyConnections;
    }
    open.add(address, 1);
    unidentified.add(address, 1);
    const identified = once(() => unidentified.add(address, -1));
    const released = once(() => {
      identified();
      open.add(address, -1);
    });
    return ok({ client, identified, released });
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
