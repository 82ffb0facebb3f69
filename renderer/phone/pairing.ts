/**
 * A scanned token or a typed code becomes a visit. The claim is kept before it is sent, so that a lost answer or a reload
 * within a minute gets the same visit again instead of "already used". (CONTRACT 6.)
 */
import type { Failure } from '../../protocol/errors.ts';
import { isForeign } from '../client/http-client.ts';
import type { HttpClient } from '../client/index.ts';
import { randomHex } from '../client/random.ts';
import type { Kept, KeptVisit, PairingAttempt } from './kept.ts';

/** For how long the server gives the same claim the same answer, in milliseconds. */
const claimLives = 60_000;

export type Key = { token: string } | { code: string };

export type Refusal = 'expired' | 'used' | 'unknown' | 'too_many' | 'unreachable' | 'other';

export type Paired = { ok: true; visit: KeptVisit } | { ok: false; why: Refusal };

export class Pairing {
  readonly #http: Pick<HttpClient, 'pair'>;
  readonly #kept: Kept;
  readonly #now: () => number;

  constructor(http: Pick<HttpClient, 'pair'>, kept: Kept, now: () => number) {
    this.#http = http;
    this.#kept = kept;
    this.#now = now;
  }

  /** The pairing that a reload interrupted; `null` when there was none or its claim is too old to be answered again. */
  interrupted(): Key | null {
    const attempt = this.#kept.attempt();
    if (!attempt) return null;
    if (!this.#fresh(attempt)) {
      this.#kept.forgetAttempt();
      return null;
    }
    return keyOf(attempt);
  }

  async pair(key: Key): Promise<Paired> {
    const attempt = this.#attemptFor(key);
    this.#kept.keepAttempt(attempt);
    const { at: _at, ...body } = attempt;
    const reply = await this.#http.pair(body);
    if (!reply.ok) {
      const why = refusalOf(reply.error);
      if (why !== 'unreachable') this.#kept.forgetAttempt();
      return { ok: false, why };
    }
    const { session, phone_token } = reply.value;
    const visit: KeptVisit = { session, phone_token, by: textOf(key), consented: false };
    this.#kept.begin(visit);
    this.#kept.forgetAttempt();
    return { ok: true, visit };
  }

  #attemptFor(key: Key): PairingAttempt {
    const earlier = this.#kept.attempt();
    const same = earlier && this.#fresh(earlier) && textOf(keyOf(earlier) ?? { token: '' }) === textOf(key);
    return same ? earlier : { ...key, claim: randomHex(32), at: this.#now() };
  }

  #fresh(attempt: PairingAttempt): boolean {
    const age = this.#now() - attempt.at;
    return age >= 0 && age < claimLives;
  }
}

export function textOf(key: Key): string {
  return 'token' in key ? key.token : key.code;
}

function keyOf({ token, code }: PairingAttempt): Key | null {
  if (token !== undefined) return { token };
  return code === undefined ? null : { code };
}

function refusalOf(failure: Failure): Refusal {
  if (isForeign(failure)) return 'unreachable';
  const { code, details } = failure;
  switch (code) {
    case 'expired':
    case 'conflict':
      return details?.reason === 'used' ? 'used' : 'expired';
    case 'not_found':
    case 'invalid_message':
      return 'unknown';
    case 'rate_limited':
      return 'too_many';
    case 'unavailable':
    case 'internal':
      return 'unreachable';
    default:
      return 'other';
  }
}

/** The token in the path `/J/TOKEN`, upper-cased as it was made; `null` on any other path. */
export function tokenIn(path: string): string | null {
  const found = /^\/j\/([^/]+)\/?$/i.exec(path);
  return found?.[1] ? found[1].toUpperCase() : null;
}

/** What a person typed as a code, without dashes, spaces and anything past six characters. */
export function cleanCode(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 6);
}

/** `K7M9Q2` as `K7M-9Q2`. */
export function showCode(code: string): string {
  return code.length > 3 ? `${code.slice(0, 3)}-${code.slice(3)}` : code;
}
