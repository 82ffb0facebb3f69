/**
 * A visit that goes on at another address of the desk. What a page keeps stays with its address, so the visit's id and token go
 * along in the fragment: no server sees it, and it leaves the address bar at once.
 */
export interface MovedVisit {
  sessionId: string;
  token: string;
}

/** `null` where it is no other address than `here`. Both are origins. */
export function otherAddress(url: string | null, here: string): string | null {
  try {
    const { protocol, origin } = new URL(url ?? '');
    return /^https?:$/.test(protocol) && origin !== here ? origin : null;
  } catch {
    return null;
  }
}

export function addressOf({ sessionId, token }: MovedVisit, origin: string): string {
  return `${origin}/J#${new URLSearchParams({ visit: sessionId, token })}`;
}

export function visitIn(hash: string): MovedVisit | null {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const [sessionId, token] = [given.get('visit'), given.get('token')];
  return sessionId && token ? { sessionId, token } : null;
}
