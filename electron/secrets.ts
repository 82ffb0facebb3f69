import { createHmac } from 'node:crypto';
import type { Secrets } from './core/ports.ts';

export function secretsOf(secretKey: string): Secrets {
  return { derive: (...words) => createHmac('sha256', secretKey).update(JSON.stringify(words)).digest() };
}
