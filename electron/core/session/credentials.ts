/**
 * Everything that lets somebody in, derived from SECRET_KEY: nothing secret is stored, and all of it survives a restart.
 * The store keeps keyed hashes only, so that a stolen database opens nothing.
 */
import type { Secrets } from '../ports.ts';
import type { Issued } from './session.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Without 0 O 1 I L, which people mistake for one another. */
const codeAlphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const tokenLength = 26;
const codeLength = 6;

export interface Credentials {
  /** 26 characters of upper-case base32: 130 bits. */
  pairingToken(sessionId: string, issued: Issued): string;
  /** 6 characters of `codeAlphabet`. */
  shortCode(sessionId: string, issued: Issued): string;
  /** 256 bits, base64url. The same claim gives the same token, so that a phone can ask again for a lost answer. */
  phoneToken(sessionId: string, generation: number, claim: string): string;
  operatorToken(): string;
  /** What is stored of any of them. */
  hash(secret: string): string;
}

export function createCredentials(secrets: Secrets): Credentials {
  return {
    pairingToken(sessionId, { generation }) {
      const bytes = secrets.derive('pairing-token', sessionId, String(generation));
      return Array.from({ length: tokenLength }, (_, index) => base32[fiveBits(bytes, index * 5)]).join('');
    },
    shortCode(sessionId, { generation }) {
      const bytes = secrets.derive('short-code', sessionId, String(generation));
      const pair = (index: number) => (bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0);
      return Array.from({ length: codeLength }, (_, index) => codeAlphabet[pair(index) % codeAlphabet.length]).join('');
    },
    phoneToken(sessionId, generation, claim) {
      return base64url(secrets.derive('phone-token', sessionId, String(generation), claim));
    },
    operatorToken: () => base64url(secrets.derive('operator-token')),
    hash: secret => base64url(secrets.derive('hash', secret)),
  };
}

/** As a person may have typed it: any case, with spaces or dashes. */
export function tidyCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s\-–—_.]/g, '');
}

function fiveBits(bytes: Uint8Array, offset: number): number {
  const at = offset >> 3;
  const window = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return (window >> (11 - (offset & 7))) & 31;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
