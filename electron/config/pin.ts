/** The PIN of the settings page. What is saved is a salted scrypt hash; one from the environment may be the digits themselves. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Kind } from './kinds.ts';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const hashed = /^scrypt:([\w-]{22}):([\w-]{43})$/;

/** 4 to 12 digits, or what `hashPin` made of them. */
export const pin: Kind<string> = {
  allowed: { es: 'un PIN de 4 a 12 cifras', en: 'a PIN of 4 to 12 digits' },
  read: value => (/^\d{4,12}$/.test(value) || hashed.test(value) ? value : undefined),
};

export function isDigits(value: string): boolean {
  return /^\d+$/.test(value);
}

export async function hashPin(digits: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt:${salt.toString('base64url')}:${(await derive(digits, salt, 32)).toString('base64url')}`;
}

/** Takes some 50 ms on purpose, and as long for a wrong one as for the right one. @param kept digits or a hash */
export async function isPin(typed: string, kept: string): Promise<boolean> {
  const [, salt, hash] = hashed.exec(isDigits(kept) ? await hashPin(kept) : kept) ?? [];
  if (salt === undefined || hash === undefined) return false;
  return timingSafeEqual(await derive(typed, Buffer.from(salt, 'base64url'), 32), Buffer.from(hash, 'base64url'));
}
