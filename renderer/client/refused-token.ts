import { closeCode } from '../../protocol/envelope.ts';
import type { MostradorClient } from './types.ts';

const reasons = ['expired', 'revoked', 'unknown'] as const;
/** `unknown`: of another desk, mistyped or forged. Each has its words for people. */
export type TokenRefusal = (typeof reasons)[number];

export function isTokenRefusal(text: string): text is TokenRefusal {
  return reasons.some(reason => reason === text);
}

/** Tells why the server ends the connection for good; what it answers stops listening. The server says the reason in a frame before it closes. */
export function onTokenRefused(client: MostradorClient, tell: (why: TokenRefusal) => void): () => void {
  let said: unknown = null;
  client.onError = ({ details }) => {
    said = details?.reason ?? null;
  };
  client.onDisconnect = ({ code }) => {
    if (code === closeCode.unauthorized) tell(typeof said === 'string' && isTokenRefusal(said) ? said : 'unknown');
    said = null;
  };
  return () => {
    client.onError = null;
    client.onDisconnect = null;
  };
}
