import type { Store } from '../ports.ts';
import type { Credentials } from './credentials.ts';

/** The session that waits for a phone and shows, or has just shown, this token in its QR; `null` where there is none. */
export function sessionOfScan(
  token: string,
  { store, credentials }: { store: Store; credentials: Credentials },
): string | null {
  const row = store.pairing.byHash(credentials.hash(token.toUpperCase()));
  if (row?.kind !== 'token') return null;
  return store.sessions.get(row.sessionId)?.status === 'qr_ready' ? row.sessionId : null;
}
