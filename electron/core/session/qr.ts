/** What a waiting session shows: the address in the QR and the short code; and how both are given out and renewed. */
import type { Qr } from '../../../protocol/session.ts';
import type { Clock, PairingStore } from '../ports.ts';
import type { Credentials } from './credentials.ts';
import { base, codeLives, type Issued, type SessionRow, tokenLives, tokenShown, type Waiting } from './session.ts';

/** Where phones reach this server, e.g. `http://192.168.1.50:8080`; `null` while there is no network. */
export type BaseUrl = () => string | null;

export interface QrDesk {
  /** Gives out a new token, and a new code where there is none or the old one is over. */
  issue(row: SessionRow): Waiting;
  /** The same row where nothing is due. */
  renewed(row: Waiting): Waiting;
  show(row: SessionRow): Qr | null;
}

export function createQrDesk(parts: {
  credentials: Credentials;
  pairing: PairingStore;
  clock: Clock;
  baseUrl: BaseUrl;
}): QrDesk {
  const { credentials, pairing, clock, baseUrl } = parts;

  /** Codes are short enough that one of the last day could come again: then the next number is taken. */
  function give(row: SessionRow, kind: 'token' | 'code', generation: number, lives: number): Issued {
    for (let next = generation; ; next++) {
      const issued = { generation: next, issuedAt: clock.now() };
      const secret =
        kind === 'token' ? credentials.pairingToken(row.id, issued) : credentials.shortCode(row.id, issued);
      const hash = credentials.hash(secret);
      if (pairing.byHash(hash)) continue;
      const expiresAt = issued.issuedAt + lives;
      pairing.insert({ hash, sessionId: row.id, kind, expiresAt, usedAt: null, claimHash: null });
      return issued;
    }
  }

  function issue(row: SessionRow): Waiting {
    const keepsCode = row.status === 'qr_ready' && !isOver(row.code, codeLives);
    const token = give(row, 'token', row.generation + 1, tokenLives);
    const code = keepsCode ? row.code : give(row, 'code', token.generation + 1, codeLives);
    return { ...base(row), status: 'qr_ready', token, code, generation: Math.max(token.generation, code.generation) };
  }

  /** A clock that was set back counts too: what was issued in the future would never end. */
  function isOver(issued: Issued, lives: number): boolean {
    const age = clock.now() - issued.issuedAt;
    return age >= lives || age < -tokenShown;
  }

  return {
    issue,
    renewed: row => (isOver(row.token, tokenShown) || isOver(row.code, codeLives) ? issue(row) : row),
    show(row) {
      const origin = baseUrl();
      if (row.status !== 'qr_ready' || !origin) return null;
      return {
        url: address(origin, credentials.pairingToken(row.id, row.token)),
        expires_at: new Date(row.token.issuedAt + tokenShown).toISOString(),
        code: credentials.shortCode(row.id, row.code),
        code_expires_at: new Date(row.code.issuedAt + codeLives).toISOString(),
      };
    },
  };
}

/**
 * Upper-case as a whole, so that a QR stays in its alphanumeric mode (version 3). A PUBLIC_URL with a path keeps its case:
 * only schemes, hosts and our own routes do not mind.
 */
function address(origin: string, token: string): string {
  const { pathname } = new URL(origin);
  const trimmed = origin.replace(/\/+$/, '');
  return pathname === '/' ? `${trimmed}/J/${token}`.toUpperCase() : `${trimmed}/J/${token}`;
}
