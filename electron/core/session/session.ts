/** A session as the rules know it: a union of its states, each with only what it has. (CONTRACT 6.) */
import { day, minute, second } from '../time.ts';

interface Base {
  id: string;
  idPersona: string | null;
  label: string | null;
  shots: string[];
  emoji: string;
  color: string;
  conversationId: string | null;
  createdAt: number;
  /** Which words the visitor agreed to, and when; `null` until then. */
  consent: { version: string; at: number } | null;
  /** Counts the tokens and codes given out; each is derived from its number. */
  generation: number;
}

/** Made, and no address yet that a phone could reach. */
interface Pending extends Base {
  status: 'pending';
}

/** Shows a QR and a short code. */
export interface Waiting extends Base {
  status: 'qr_ready';
  token: Issued;
  code: Issued;
}

export interface Paired extends Base {
  status: 'authenticated';
  device: string;
  phoneTokenHash: string;
}

export interface Ended extends Base {
  status: 'disconnected';
  device: string | null;
  /** Opens nothing any more; kept so that a phone that comes back is told that the session is over. */
  phoneTokenHash: string | null;
  endedAt: number;
}

export interface Issued {
  generation: number;
  issuedAt: number;
}

export type SessionRow = Pending | Waiting | Paired | Ended;
export type LiveSession = Exclude<SessionRow, Ended>;

/** One token or code that was given out; kept for a day, so that a late phone is told what happened. */
export interface PairingRow {
  hash: string;
  sessionId: string;
  kind: 'token' | 'code';
  expiresAt: number;
  usedAt: number | null;
  /** Of the phone that used it. */
  claimHash: string | null;
}

/** A QR is replaced after a minute; the one before works half a minute more. */
export const tokenShown = minute;
export const tokenLives = tokenShown + 30 * second;
export const codeLives = 5 * minute;
/** The same phone may ask again for the answer that it lost on the way. */
export const claimRepeats = minute;
export const pairingRemembered = day;
export const idleEnds = 15 * minute;

export function isLive(row: SessionRow): row is LiveSession {
  return row.status !== 'disconnected';
}

export function ended(row: LiveSession, endedAt: number): Ended {
  const { device, phoneTokenHash } = row.status === 'authenticated' ? row : { device: null, phoneTokenHash: null };
  return { ...base(row), status: 'disconnected', device, phoneTokenHash, endedAt };
}

/** A row without what only its present state has. */
export function base(row: SessionRow): Base {
  const { id, idPersona, label, shots, emoji, color, conversationId, createdAt, consent, generation } = row;
  return { id, idPersona, label, shots, emoji, color, conversationId, createdAt, consent, generation };
}
