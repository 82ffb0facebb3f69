/** How a page stands with the server, as its people are told. */
import type { ConnectionState } from './types.ts';

/** `offline`: trying again has failed at least once since the connection was lost. `refused`: the token is no longer good. */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'refused';

/** `failures`: attempts in a row that came to nothing; `isKnown`: whether the server has answered before. */
export function connectionOf(state: ConnectionState, failures: number, isKnown: boolean): Connection {
  if (state === 'connected') return 'connected';
  if (state === 'closed' || failures > 1) return 'offline';
  return isKnown ? 'reconnecting' : 'connecting';
}
